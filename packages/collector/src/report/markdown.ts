/** A report as GitHub-flavoured Markdown. */
import type { Report } from '../model/report.ts';
import type { Block, Section } from './sections/block.ts';
import { reportTitle, sectionsOf } from './sections/sections.ts';

export function renderMarkdown(report: Report): string {
  return markdownDocument(reportTitle(report), sectionsOf(report));
}

/** @param title as Markdown */
export function markdownDocument(title: string, sections: readonly Section[]): string {
  return `${[`# ${title}`, ...sections.map(sectionMarkdown)].join('\n\n')}\n`;
}

export function sectionMarkdown({ title, blocks }: Section): string {
  return [`## ${title}`, ...blocks.flatMap(block)].join('\n\n');
}

/** Charts show what the tables have. */
function block(content: Block): string[] {
  switch (content.kind) {
    case 'paragraph':
      return [content.text];
    case 'heading':
      return [`### ${content.text}`];
    case 'list':
      return [content.items.map((item) => `- ${item}`).join('\n')];
    case 'table':
      return [[content.head, content.head.map(() => '---'), ...content.rows].map(row).join('\n')];
    case 'charts':
    case 'figures':
      return [];
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
