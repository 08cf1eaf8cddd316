/** The sections of a page, and the list of them at its beginning. */
import type { Section } from '../sections/block.ts';
import { renderBlock, type Target } from './blocks.ts';

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
