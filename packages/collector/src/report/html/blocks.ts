/** Sections as HTML. */
import { escapeHtml } from '../../model/escape.ts';
import type { Report } from '../../model/report.ts';
import { CHART_TITLES, drawChart } from '../charts/charts.ts';
import type { Block, ChartName, Figure } from '../sections/block.ts';

/** What stands beside a number: units, and a second number in brackets. */
const NUMBER = /^[+-]?[\d.,]+(?: ?(?:ms|s|min|h|d|%|bytes|MB))?(?: \(.*\))?$/;
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d/;
const LONG_WORDS = 60;
/** What is broken into lines last. */
const SHORT = 21;

const VERDICTS = new Set(['met', 'missed', 'unknown']);

/** Where a block is drawn. */
export interface Target {
  /** Programs for mail show no charts, and drop the style: tables have lines of their own. */
  isMail: boolean;
  /** What named charts are drawn from. */
  report?: Report;
}

export function renderBlock(content: Block, { isMail, report }: Target): string {
  switch (content.kind) {
    case 'paragraph':
      return `<p>${inline(content.text)}</p>`;
    case 'heading':
      return `<h3>${inline(content.text)}</h3>`;
    case 'list':
      return `<ul>${content.items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
    case 'table':
      return renderTable(content.head, content.rows, isMail);
    case 'charts':
      return isMail || report === undefined ? '' : renderFigures(drawn(content.charts, report));
    case 'figures':
      return isMail ? '' : renderFigures(content.figures);
  }
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[], isMail: boolean): string {
  const classes = head.map((_, column) => classOf(rows.map((cells) => cells[column] ?? '')));
  const row = (tag: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell, column) => `<${tag}${attribute(classes[column]!, cell)}>${inline(cell)}</${tag}>`).join('')}</tr>`;
  // Programs that drop the style would run the columns together.
  const open = isMail ? '<table border="1" cellpadding="5" cellspacing="0">' : '<table>';
  const body = rows.map((cells) => row('td', cells)).join('\n');
  return `<div class="scroll">${open}<thead>${row('th', head)}</thead>\n<tbody>${body}</tbody></table></div>`;
}

/** Numbers stand under each other, times and short names stay on one line, sentences have room, long names are broken. */
function classOf(cells: readonly string[]): string {
  const filled = cells.filter((cell) => cell !== '');
  if (filled.length === 0) return '';
  if (filled.every((cell) => TIME.test(cell))) return 'time';
  if (filled.every((cell) => NUMBER.test(cell))) return 'number';
  if (filled.every((cell) => cell.length <= SHORT)) return 'short';
  return filled.some((cell) => cell.length > LONG_WORDS && !cell.startsWith('`')) ? 'words' : 'name';
}

function attribute(columnClass: string, cell: string): string {
  const name = VERDICTS.has(cell) ? cell : columnClass;
  return name === '' ? '' : ` class="${name}"`;
}

function drawn(names: readonly ChartName[], report: Report): Figure[] {
  return names.flatMap((name) => {
    const svg = drawChart(name, report);
    return svg === undefined ? [] : [{ caption: CHART_TITLES[name], svg }];
  });
}

function renderFigures(figures: readonly Figure[]): string {
  if (figures.length === 0) return '';
  const rendered = figures.map(
    ({ caption, svg }) => `<figure><figcaption>${inline(caption)}</figcaption>${svg}</figure>`,
  );
  return `<div class="charts">${rendered.join('\n')}</div>`;
}

/** Names hold no backtick, so the spans cannot be confused. */
export function inline(markup: string): string {
  return escapeHtml(markup).replace(/`([^`]*)`/g, '<code>$1</code>');
}
