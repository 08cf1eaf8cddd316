/** One table for a pipe, a log or a script: all rows, nothing that moves. */
import { alertColumns } from '../alertsTable.ts';
import type { Paint } from '../terminal/style.ts';
import { tableLines } from '../terminal/table.ts';
import { headLine } from './edges.ts';
import { type Figures, nothingWords, withRows } from './rowSets.ts';
import type { ViewState } from './viewState.ts';

/** A pipe has no edge; what says how everything is needs one to be set apart from. */
const HEAD_COLUMNS = 100;

/** @param available columns; undefined: as many as are needed */
export function drawOnce(
  figures: Figures,
  state: ViewState,
  { available, paint }: { available: number | undefined; paint: Paint },
): string {
  const { overview } = figures;
  const style = { available, paint, gap: available === undefined || available >= HEAD_COLUMNS ? 2 : 1 };
  const rows = withRows(figures, state, (set) =>
    set.rows.length === 0 ? [nothingWords(figures, state)] : tableLines(set.columns, set.rows, style),
  );
  const alerts =
    overview.alerts.length === 0 ? [] : tableLines(alertColumns(Date.parse(overview.at)), overview.alerts, style);
  const parts = [[headLine(overview, available ?? HEAD_COLUMNS, paint)], rows, alerts];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
