/** The rows of a view, in the order and of the names that were asked for. */
import type { OverviewAnswer } from '../../serve/api/overview.ts';
import type { Column } from '../terminal/table.ts';
import { serverColumns } from './serverColumns.ts';
import { toolColumns } from './toolColumns.ts';
import type { SortKey, ViewState } from './viewState.ts';

export type ServerRow = OverviewAnswer['servers'][number];
export type ToolRow = OverviewAnswer['timeShares'][number];

export interface Figures {
  overview: OverviewAnswer;
  /** Of the last hour; undefined where they were not asked for. */
  tools: readonly ToolRow[] | undefined;
}

export interface RowSet<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf(row: Row): string;
}

/** Servers and tools are shown alike: what is done with either is said once. */
export function withRows<Result>(figures: Figures, state: ViewState, use: <Row>(set: RowSet<Row>) => Result): Result {
  return state.view === 'servers' ? use(serverRows(figures, state)) : use(toolRows(figures, state));
}

/** What stands where no row does. */
export function nothingWords({ tools }: Figures, { view }: ViewState): string {
  if (view === 'servers') return 'No server has reported yet, or none by that name.';
  return tools === undefined ? 'Asking ...' : 'No tool was called in the last hour, or none by that name.';
}

export function serverRows({ overview }: Figures, state: ViewState): RowSet<ServerRow> {
  const rows = overview.servers.filter(({ name }) => matches(state, name));
  return {
    columns: serverColumns(Date.parse(overview.at)),
    rows: sorted(rows, state, SERVER_ORDER, ({ name }) => name),
    idOf: ({ name }) => name,
  };
}

export function toolRows({ tools }: Figures, state: ViewState): RowSet<ToolRow> {
  const isWanted = ({ server, tool }: ToolRow) =>
    (state.server === undefined || state.server === server) && matches(state, `${tool} ${server}`);
  return {
    columns: toolColumns(state.server === undefined),
    rows: sorted((tools ?? []).filter(isWanted), state, TOOL_ORDER, ({ tool, server }) => `${tool} ${server}`),
    idOf: ({ server, tool }) => JSON.stringify([server, tool]),
  };
}

function matches({ filter }: ViewState, text: string): boolean {
  return text.toLowerCase().includes(filter.toLowerCase());
}

type Order<Row> = Readonly<Record<Exclude<SortKey, 'name'>, (row: Row) => number>>;

/** What comes first has the greatest. */
const SERVER_ORDER: Order<ServerRow> = {
  health: ({ healthScore }) => -healthScore,
  calls: ({ callsPerMinute }) => callsPerMinute,
  errors: ({ errorRatePercent }) => errorRatePercent,
  p95: ({ p95Ms }) => p95Ms,
};

/** A tool has no health; where the time goes is what one looks at first. */
const TOOL_ORDER: Order<ToolRow> = {
  health: ({ totalMs }) => totalMs,
  calls: ({ calls }) => calls,
  errors: ({ errorRatePercent }) => errorRatePercent,
  p95: ({ p95Ms }) => p95Ms,
};

function sorted<Row>(
  rows: readonly Row[],
  { sort, isReversed }: ViewState,
  order: Order<Row>,
  nameOf: (row: Row) => string,
): Row[] {
  const byName = (a: Row, b: Row) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0);
  const direction = isReversed ? -1 : 1;
  if (sort === 'name') return [...rows].sort((a, b) => direction * byName(a, b));
  // The same figure: by name, so that rows do not dance.
  return [...rows].sort((a, b) => direction * (order[sort](b) - order[sort](a)) || byName(a, b));
}
