/** A report as one HTML page that needs nothing else: no script, no request, readable in light and dark. */
import { escapeHtml } from '../model/escape.ts';
import type { Report } from '../model/report.ts';
import { type Block, reportTitle, type Section, sectionsOf } from './sections.ts';

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;display:block;overflow-x:auto}th,td{padding:.25rem .75rem;text-align:left;border-bottom:1px solid #8884;font-variant-numeric:tabular-nums}
code{font-size:.9em;overflow-wrap:anywhere}`;

export function renderHtml(report: Report): string {
  const title = reportTitle(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title.replaceAll('`', ''))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${inline(title)}</h1>
${sectionsOf(report).map(section).join('\n')}
</body>
</html>
`;
}

function section({ title, blocks }: Section): string {
  return [`<h2>${inline(title)}</h2>`, ...blocks.map(block)].join('\n');
}

function block(content: Block): string {
  switch (content.kind) {
    case 'paragraph':
      return `<p>${inline(content.text)}</p>`;
    case 'list':
      return `<ul>${content.items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
    case 'table':
      return `<table><thead>${row('th', content.head)}</thead>\n<tbody>${content.rows.map((cells) => row('td', cells)).join('\n')}</tbody></table>`;
  }
}

function row(tag: 'th' | 'td', cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${tag}>${inline(cell)}</${tag}>`).join('')}</tr>`;
}

/** Names hold no backtick, so the spans cannot be confused. */
function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, '<code>$1</code>');
}
