/** What sections are made of. All text is ours but for names, which stand in code spans (see `names.ts`), the one piece of markup that texts may hold. */
import { count } from '../numbers.ts';

/** Charts that HTML can draw; other formats have the numbers in tables. */
export type ChartName = 'latency' | 'calls' | 'health' | 'errors' | 'shares' | 'gains' | 'previous' | 'previousCalls';

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] }
  | { kind: 'charts'; charts: readonly ChartName[] }
  | { kind: 'figures'; figures: readonly Figure[] };

/** A chart that is drawn already. */
export interface Figure {
  caption: string;
  /** Inner text escaped. */
  svg: string;
}

export interface Section {
  title: string;
  blocks: readonly Block[];
}

/** Rows of a table; a reader who wants all of them asks for JSON. */
const MAX_ROWS = 20;

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const charts = (...names: ChartName[]): Block => ({ kind: 'charts', charts: names });

/** Nothing at all where nothing could be drawn. */
export function figures(...drawn: (Figure | undefined)[]): Block[] {
  const there = drawn.filter((figure) => figure !== undefined);
  return there.length === 0 ? [] : [{ kind: 'figures', figures: there }];
}

/** A table, with a line under it when it was cut; or words for a table without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], none: string): Block[] {
  if (rows.length === 0) return [paragraph(none)];
  const shown: Block = { kind: 'table', head, rows: rows.slice(0, MAX_ROWS) };
  const rest = rows.length - MAX_ROWS;
  return rest > 0 ? [shown, paragraph(`And ${count(rest)} more; the JSON format has all.`)] : [shown];
}

/** A table with words above it; nothing at all where there are no rows. */
export function whereAny(words: string, head: readonly string[], rows: readonly (readonly string[])[]): Block[] {
  return rows.length === 0 ? [] : [paragraph(words), ...table(head, rows, '')];
}
