/** The frame of everything that is written as HTML: one page with its style, and nothing from anywhere else. */
import { escapeHtml } from '../../model/escape.ts';
import { dateTime } from '../numbers.ts';
import { META_POLICY, STYLE } from './style.ts';

/** @param title as text @param parts HTML */
export function document(title: string, parts: readonly string[]): string {
  return page(title, `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(META_POLICY)}">`, parts);
}

/** E-mail programs have policies of their own. */
export function mailDocument(title: string, parts: readonly string[]): string {
  return page(title, '', parts);
}

function page(title: string, meta: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${meta}
<title>${escapeHtml(title)}</title>
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

/** @param atMs when it was made */
export function footerOf(atMs: number): string {
  return `<footer>Made by mcp-vitals at ${dateTime(atMs)} UTC. All times are UTC.</footer>`;
}
