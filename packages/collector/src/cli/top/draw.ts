/** The whole screen as lines, none wider and no more of them than there is room for. Pure. */

import type { AlertAnswer } from '../../serve/api/shapes.ts';
import { alertColumns } from '../alertsTable.ts';
import type { Paint } from '../terminal/style.ts';
import { placeColumns, rowLine, tableLines, titleLine } from '../terminal/table.ts';
import { cutTo } from '../terminal/width.ts';
import { headLine, keysLine, whatLine } from './edges.ts';
import { type Figures, nothingWords, type RowSet, withRows } from './rowSets.ts';
import type { ViewState } from './viewState.ts';

export interface Picture {
  /** Undefined until the first answer. */
  figures: Figures | undefined;
  /** Where the collector is, or was. */
  address: string;
  /** What is wrong when figures are no longer new; undefined while they are. */
  trouble: string | undefined;
  state: ViewState;
}

export interface Size {
  columns: number;
  rows: number;
}

const MARK = '▸ ';
/** Below that, two spaces between columns cost a column. */
const WIDE_FROM = 100;
/** Below that, no line is left empty. */
const LOW_BELOW = 10;

const gapAt = (columns: number) => (columns < WIDE_FROM ? 1 : 2);

/** Ids of the rows in the order shown, and how many fit: what keys refer to. */
export function shownRows({ figures, state }: Picture, size: Size): { ids: string[]; pageRows: number } {
  if (figures === undefined) return { ids: [], pageRows: 0 };
  const ids = withRows(figures, state, ({ rows, idOf }) => rows.map(idOf));
  const alerts = alertsOf(figures, state);
  return { ids, pageRows: roomFor(ids.length, alerts.length, size).tableRows };
}

export function draw(picture: Picture, size: Size, paint: Paint): string[] {
  const { figures, state, trouble, address } = picture;
  const { columns } = size;
  if (figures === undefined) {
    const lines = [headLine(undefined, columns, paint), cutTo(trouble ?? `Asking ${address} ...`, columns)];
    return [...lines, '', keysLine(state, columns, paint)].slice(0, size.rows);
  }
  const alerts = alertsOf(figures, state);
  // What is no longer new has one colour.
  const ink: Paint = trouble === undefined ? paint : (_style, text) => paint('dim', text);
  const [room, table] = withRows(figures, state, (set) => {
    const room = roomFor(set.rows.length, alerts.length, size);
    return [room, drawTable(set, picture, room.tableRows, columns, ink)] as const;
  });
  const upper = [headLine(figures.overview, columns, paint), whatLine(picture, table.span, columns, paint)];
  const lower = room.alertRows === 0 ? [] : ['', ...alertLines(alerts, picture, room.alertRows, columns, ink)];
  const body = [...upper, ...(size.rows < LOW_BELOW ? [] : ['']), ...table.lines, ...lower];
  const last = size.rows - 1;
  const filled = [...body.slice(0, last), ...Array<string>(Math.max(0, last - body.length)).fill('')];
  return [...filled, keysLine(state, columns, paint)];
}

interface Room {
  tableRows: number;
  /** Title included; 0: no room for any. */
  alertRows: number;
}

/** Alerts get a third of the screen, and what the table does not need. */
function roomFor(rowCount: number, alertCount: number, { rows }: Size): Room {
  const inner = Math.max(0, rows - (rows < LOW_BELOW ? 4 : 5));
  if (inner < 6) return { tableRows: inner, alertRows: 0 };
  const most = Math.max(Math.floor(inner / 3), inner - rowCount - 2);
  const alertRows = Math.min(alertCount, most) + 1;
  return { tableRows: inner - alertRows - 1, alertRows };
}

interface DrawnTable {
  lines: string[];
  /** Numbers of the first and of the last row shown, and how many there are. */
  span: readonly [first: number, last: number, all: number];
}

function drawTable<Row>(
  set: RowSet<Row>,
  { state, figures }: Picture,
  room: number,
  columns: number,
  paint: Paint,
): DrawnTable {
  const { rows, idOf } = set;
  const nothing = figures === undefined ? '' : nothingWords(figures, state);
  const gap = gapAt(columns);
  const placed = placeColumns(set.columns, rows, Math.max(1, columns - MARK.length), gap);
  const at = Math.max(0, state.selected === undefined ? 0 : rows.findIndex((row) => idOf(row) === state.selected));
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room));
  const shown = rows.slice(first, first + room).map((row, index) => {
    const mark = first + index === at ? paint('bold', MARK) : ' '.repeat(MARK.length);
    return (mark + rowLine(placed, row, { gap, paint })).trimEnd();
  });
  const head = ' '.repeat(MARK.length) + titleLine(placed, gap, paint);
  if (rows.length === 0 && room > 0) shown.push(paint('dim', cutTo(`  ${nothing}`, columns)));
  return { lines: [head, ...shown], span: [first + 1, Math.min(first + room, rows.length), rows.length] };
}

/** Those of the server that is looked at. */
function alertsOf({ overview }: Figures, { server }: ViewState): AlertAnswer[] {
  return overview.alerts.filter((alert) => server === undefined || alert.server === server);
}

function alertLines(
  alerts: readonly AlertAnswer[],
  { figures, state }: Picture,
  room: number,
  columns: number,
  paint: Paint,
): string[] {
  const { at, activeAlerts } = figures!.overview;
  if (alerts.length === 0) return [paint('dim', cutTo('No alerts.', columns))];
  const available = Math.max(1, columns - MARK.length);
  const shown = alerts.slice(0, room - 1);
  const [title, ...lines] = tableLines(alertColumns(Date.parse(at)), shown, {
    available,
    paint,
    gap: gapAt(columns),
  });
  const indented = [title!, ...lines].map((line) => ' '.repeat(MARK.length) + line);
  // What is hidden is counted; an answer holds the worst fifty.
  const all = state.server === undefined ? Math.max(activeAlerts, alerts.length) : alerts.length;
  const hidden = all - shown.length;
  if (hidden > 0 && indented.length > 2) {
    indented.splice(-1, 1, paint('dim', cutTo(`  and ${hidden + 1} more; see mcp-vitals alerts`, columns)));
  }
  return indented;
}
