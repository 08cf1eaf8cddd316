/** Tables that know how wide they may be: columns go in the order of their priority, names are cut, pictures take the rest. */
import type { Paint, Style } from './style.ts';
import { columnsOf, cutTo, fitTo } from './width.ts';

export interface Column<Row> {
  title: string;
  align?: 'left' | 'right';
  /** Columns of the terminal. */
  min: number;
  /** What it takes where there is room, if its cells need it; default: `min`. */
  max?: number;
  /** 0 stays longest. */
  priority: number;
  /** Nothing in it may be obeyed by a terminal. A picture is drawn to the width that it gets. */
  cell(row: Row, width: number): string;
  /** It is drawn to fit, and gets what the others leave. */
  isPicture?: boolean;
  style?(row: Row): Style | undefined;
}

export interface PlacedColumn<Row> {
  column: Column<Row>;
  width: number;
}

/** @param available undefined: as wide as the cells are, for pipes, which have no edge */
export function placeColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  available: number | undefined,
  gap: number,
): PlacedColumn<Row>[] {
  const wanted = (column: Column<Row>) => wantedWidth(column, rows, available === undefined);
  if (available === undefined) return columns.map((column) => ({ column, width: wanted(column) }));
  const kept = keptColumns(columns, available, gap);
  const placed = columns
    .filter((column) => kept.has(column))
    .map((column) => ({ column, width: Math.min(column.min, available) }));
  let spare = available - placed.reduce((sum, { width }) => sum + width + gap, -gap);
  for (const isPicture of [false, true]) {
    const growing = placed.filter(({ column }) => (column.isPicture ?? false) === isPicture);
    spare = grow(
      growing.map((place) => ({ place, wanted: wanted(place.column) })),
      spare,
    );
  }
  return placed;
}

/**
 * One by one, so that a long name does not take all from the next.
 * @returns what is left
 */
function grow(growing: readonly { place: { width: number }; wanted: number }[], spare: number): number {
  let left = spare;
  for (;;) {
    const hungry = growing.filter(({ place, wanted }) => place.width < wanted).slice(0, Math.max(0, left));
    if (hungry.length === 0) return left;
    for (const { place } of hungry) place.width += 1;
    left -= hungry.length;
  }
}

/** The first that does not fit ends it: what is shown at a width does not depend on what is less important. */
function keptColumns<Row>(columns: readonly Column<Row>[], available: number, gap: number): Set<Column<Row>> {
  const kept = new Set<Column<Row>>();
  let used = -gap;
  for (const column of [...columns].sort((a, b) => a.priority - b.priority)) {
    used += column.min + gap;
    if (used > available && kept.size > 0) break;
    kept.add(column);
  }
  return kept;
}

function wantedWidth<Row>(column: Column<Row>, rows: readonly Row[], isEndless: boolean): number {
  const { title, min, max = min, isPicture } = column;
  if (isPicture) return max;
  const widest = Math.max(columnsOf(title), ...rows.map((row) => columnsOf(column.cell(row, max))));
  return isEndless ? widest : Math.max(min, Math.min(max, widest));
}

export function titleLine<Row>(placed: readonly PlacedColumn<Row>[], gap: number, paint: Paint): string {
  const cells = placed.map(({ column, width }) => fitTo(column.title, width, column.align));
  return paint('dim', cells.join(' '.repeat(gap)).trimEnd());
}

export function rowLine<Row>(
  placed: readonly PlacedColumn<Row>[],
  row: Row,
  { gap, paint }: { gap: number; paint: Paint },
): string {
  const cells = placed.map(({ column, width }, index) => {
    const text = column.cell(row, width);
    const isLast = index === placed.length - 1 && column.align !== 'right';
    const fitted = isLast ? cutTo(text, width).trimEnd() : fitTo(text, width, column.align);
    return paint(column.style?.(row), fitted);
  });
  return cells.join(' '.repeat(gap));
}

/** Title and rows. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { available, paint, gap = 2 }: { available: number | undefined; paint: Paint; gap?: number },
): string[] {
  const placed = placeColumns(columns, rows, available, gap);
  return [titleLine(placed, gap, paint), ...rows.map((row) => rowLine(placed, row, { gap, paint }))];
}
