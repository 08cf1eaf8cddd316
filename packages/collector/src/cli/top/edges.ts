/** The lines above and below the table: how everything is, what is shown, and which keys there are. */
import type { OverviewAnswer } from '../../serve/api/overview.ts';
import { clockTime, count, duration, percent, rate } from '../terminal/figures.ts';
import type { Paint } from '../terminal/style.ts';
import { columnsOf, cutTo, shownName } from '../terminal/width.ts';
import type { Picture } from './draw.ts';
import { HEALTH_STYLE } from './serverColumns.ts';
import type { SortKey, ViewState } from './viewState.ts';

/** Health in colour, then figures as far as they fit, and when it was so. */
export function headLine(overview: OverviewAnswer | undefined, columns: number, paint: Paint): string {
  if (overview === undefined) return paint('bold', cutTo('mcp-vitals top', columns));
  const { systemHealth, servers, totals, activeAlerts, callsPerMinute, at } = overview;
  const health = cutTo(`● ${shownName(systemHealth)}`, columns);
  const figures = [
    many(servers.length, 'server'),
    `${rate(callsPerMinute)} calls/min`,
    many(activeAlerts, 'alert'),
    `${percent(totals.errorRatePercent)} errors`,
    ...(totals.calls === 0 ? [] : [`p95 ${duration(totals.p95Ms)}`]),
  ];
  const time = clockTime(at);
  const room = columns - columnsOf(health) - columnsOf(time) - 5;
  const told = joined(figures, ' · ', room);
  const painted = paint(HEALTH_STYLE[systemHealth], health);
  if (told === '') return painted;
  return `${painted}   ${told}${' '.repeat(room - columnsOf(told) + 2)}${paint('dim', time)}`;
}

/** Which rows of how many, in which order; at the right, whose they are. */
export function whatLine(
  { state, address, trouble, figures }: Picture,
  [first, last, all]: readonly [number, number, number],
  columns: number,
  paint: Paint,
): string {
  if (trouble !== undefined) {
    const since = figures === undefined ? '' : ` Figures of ${clockTime(figures.overview.at)}.`;
    return paint('red', cutTo(trouble + since, columns));
  }
  const what = state.view === 'servers' ? 'Servers' : 'Tools';
  const owner = state.server === undefined ? '' : ` of ${shownName(state.server)}`;
  const span = all === 0 ? ': none' : last - first + 1 < all ? ` ${first}-${last} of ${all}` : '';
  const filter = state.filter === '' ? '' : `, matching "${shownName(state.filter)}"`;
  const left = cutTo(`${what}${owner}${span}, ${orderWords(state)}${filter}`, columns);
  const spare = columns - columnsOf(left) - columnsOf(address);
  return spare < 2 ? left : left + ' '.repeat(spare) + paint('dim', address);
}

const ORDER_WORDS: Readonly<Record<SortKey, readonly [string, string]>> = {
  health: ['worst health first', 'best health first'],
  calls: ['most calls first', 'fewest calls first'],
  errors: ['most errors first', 'fewest errors first'],
  p95: ['slowest p95 first', 'fastest p95 first'],
  name: ['by name', 'by name, backwards'],
};

function orderWords({ sort, isReversed, view }: ViewState): string {
  if (view === 'tools' && sort === 'health') return isReversed ? 'least time first' : 'most time first';
  return ORDER_WORDS[sort][isReversed ? 1 : 0];
}

/** The most needed first: what does not fit is left out. */
export function keysLine(state: ViewState, columns: number, paint: Paint): string {
  if (state.isTyping) {
    const text = `/${shownName(state.filter)}_`;
    const help = joined(['enter keep', 'esc clear'], '  ', columns - columnsOf(text) - 3);
    return cutTo(text, columns) + (help === '' ? '' : `   ${paint('dim', help)}`);
  }
  const isInside = state.server !== undefined;
  const keys = [
    isInside ? 'q quit  esc back' : 'q quit',
    's sort',
    state.view === 'servers' ? 't all tools' : 't servers',
    ...(state.view === 'servers' ? ['enter its tools'] : []),
    '/ filter',
    'r reverse',
    '↑↓ move',
  ];
  return paint('dim', joined(keys, '  ', columns) || cutTo('q quit', columns));
}

/** As many of the texts as fit. */
function joined(texts: readonly string[], separator: string, columns: number): string {
  let line = '';
  for (const text of texts) {
    const next = line === '' ? text : line + separator + text;
    if (columnsOf(next) > columns) break;
    line = next;
  }
  return line;
}

function many(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
