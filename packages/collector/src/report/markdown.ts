/** A report as GitHub-flavoured Markdown. */
import type { Report } from '../model/report.ts';
import { type Block, reportTitle, type Section, sectionsOf } from './sections.ts';

export function renderMarkdown(report: Report): string {
  return `${[`# ${reportTitle(report)}`, ...sectionsOf(report).map(section)].join('\n\n')}\n`;
}

function section({ title, blocks }: Section): string {
  return [`## ${title}`, ...blocks.map(block)].join('\n\n');
}

function block(content: Block): string {
  switch (content.kind) {
    case 'paragraph':
      return content.text;
    case 'list':
      return content.items.map((item) => `- ${item}`).join('\n');
    case 'table':
      return [content.head, content.head.map(() => '---'), ...content.rows].map(row).join('\n');
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
