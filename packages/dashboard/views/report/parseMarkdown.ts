/**
 * The Markdown that reports are written in: headings, paragraphs, lists, tables, and code spans within them. Nothing else
 * is markup here, so whatever a name holds stays text.
 */

/** Text, or the content of a code span. */
export type Inline = { kind: 'text' | 'code'; text: string };

export type Block =
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'heading'; text: Inline[] }
  | { kind: 'list'; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

export interface Section {
  title: Inline[];
  blocks: Block[];
}

export interface ParsedReport {
  title: Inline[];
  sections: Section[];
}

export function parseReport(markdown: string): ParsedReport {
  const report: ParsedReport = { title: [], sections: [] };
  for (const chunk of markdown.split(/\n{2,}/)) {
    const lines = chunk.split('\n').filter((line) => line !== '');
    if (lines.length === 0) continue;
    if (lines[0]!.startsWith('# ')) report.title = parseInline(lines[0]!.slice(2));
    else if (lines[0]!.startsWith('## ')) report.sections.push({ title: parseInline(lines[0]!.slice(3)), blocks: [] });
    else sectionFor(report).blocks.push(parseBlock(lines));
  }
  return report;
}

function sectionFor({ sections }: ParsedReport): Section {
  if (sections.length === 0) sections.push({ title: [], blocks: [] });
  return sections.at(-1)!;
}

function parseBlock(lines: readonly string[]): Block {
  if (lines[0]!.startsWith('### ')) return { kind: 'heading', text: parseInline(lines[0]!.slice(4)) };
  if (lines.every((line) => line.startsWith('- '))) {
    return { kind: 'list', items: lines.map((line) => parseInline(line.slice(2))) };
  }
  if (lines.length >= 2 && lines.every((line) => line.startsWith('|'))) {
    const [head, , ...rows] = lines.map(cellsOf);
    return { kind: 'table', head: head!, rows };
  }
  return { kind: 'paragraph', text: parseInline(lines.join(' ')) };
}

/** The renderer of reports leaves no bar within a cell. */
function cellsOf(line: string): Inline[][] {
  const inner = line.replace(/^\|/, '').replace(/\|\s*$/, '');
  return inner.split('|').map((cell) => parseInline(cell.trim()));
}

/** The text without its markup. */
export function plain(parts: readonly Inline[]): string {
  return parts.map(({ text }) => text).join('');
}

export function parseInline(text: string): Inline[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => (/^`[^`]+`$/.test(part) ? { kind: 'code', text: part.slice(1, -1) } : { kind: 'text', text: part }));
}
