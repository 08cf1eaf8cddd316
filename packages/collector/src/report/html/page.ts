/** What every page of a report is made of: one document that needs nothing else, its contents, its sections. */
import { escapeHtml } from '../../model/escape.ts';
import { dateTime } from '../numbers.ts';
import type { Section } from '../sections/block.ts';
import { renderBlock, type Target } from './blocks.ts';
import { META_POLICY, STYLE } from './style.ts';

/** For pages that are opened as files. */
export const POLICY = `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(META_POLICY)}">`;

/** @param title as Markdown @param meta further elements of the head */
export function htmlPage(title: string, meta: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${meta}
<title>${escapeHtml(title.replaceAll('`', ''))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

export function contents(sections: readonly Section[]): string {
  const links = sections.map(({ title }) => `<li><a href="#${idOf(title)}">${title}</a></li>`);
  return `<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}

export function renderSection({ title, blocks }: Section, target: Target): string {
  const content = blocks.map((block) => renderBlock(block, target)).filter((html) => html !== '');
  return [`<section id="${idOf(title)}">`, `<h2>${title}</h2>`, ...content, '</section>'].join('\n');
}

function idOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

export function footer(atMs: number): string {
  return `<footer>Made by mcp-vitals at ${dateTime(atMs)} UTC. All times are UTC.</footer>`;
}
