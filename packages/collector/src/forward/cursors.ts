/**
 * Where forwarding has got to, server by server: the cursor, the running totals, and which late additions are in them. All of
 * a minute is saved in one call, so that after a crash either all of it holds or none.
 */
import type { Item, LateAddition, Store } from '../store/store.ts';
import type { DestinationName } from './protocol.ts';
import type { ServerTotals } from './totals.ts';

export interface ServerState<Distribution> {
  /** Start of the first minute that has not been forwarded. */
  cursorMs: number;
  /** End of the newest span in which there was anything. */
  activeMs: number;
  isGone: boolean;
  totals: ServerTotals<Distribution> | undefined;
  /** Keys of late additions that are in the totals and may still be in the store. */
  appliedLate: string[];
}

interface CursorItem extends Omit<ServerState<unknown>, 'totals'> {
  kind: 'cursor';
  destination: DestinationName;
  server: string;
}

interface TotalsItem {
  kind: 'totals';
  destination: DestinationName;
  server: string;
  /** Of another form, totals begin anew. */
  form: number;
  totals: ServerTotals<unknown>;
}

/** Says of a destination that it has been forwarded to, and from when on. */
interface BeginItem {
  kind: 'begin';
  destination: DestinationName;
  fromMs: number;
}

type ForwardItem = CursorItem | TotalsItem | BeginItem;

const KIND = 'forward';
const FORM = 1;

export interface LoadedStates<Distribution> {
  states: Map<string, ServerState<Distribution>>;
  /** Undefined: never begun. */
  beganMs: number | undefined;
}

export async function loadStates<Distribution>(
  store: Pick<Store, 'readItems'>,
  destination: DestinationName,
  owns: (server: string) => boolean,
): Promise<LoadedStates<Distribution>> {
  const items = (await store.readItems(KIND)).map(({ value }) => value as ForwardItem);
  const own = items.filter((item) => item.destination === destination);
  const states = new Map<string, ServerState<Distribution>>();
  for (const item of own) {
    if (item.kind !== 'cursor' || !owns(item.server)) continue;
    const { cursorMs, activeMs, isGone, appliedLate } = item;
    states.set(item.server, { cursorMs, activeMs, isGone, appliedLate, totals: undefined });
  }
  for (const item of own) {
    const state = item.kind === 'totals' && item.form === FORM ? states.get(item.server) : undefined;
    if (state && item.kind === 'totals') state.totals = item.totals as ServerTotals<Distribution>;
  }
  return { states, beganMs: own.find((item) => item.kind === 'begin')?.fromMs };
}

export async function saveBegin(
  store: Pick<Store, 'saveItems'>,
  destination: DestinationName,
  fromMs: number,
): Promise<void> {
  const value: BeginItem = { kind: 'begin', destination, fromMs };
  await store.saveItems(KIND, [{ key: `${destination} begin`, value }]);
}

/** Totals that did not change are not written again. */
export async function saveStates<Distribution>(
  store: Pick<Store, 'saveItems'>,
  destination: DestinationName,
  changed: ReadonlyMap<string, { state: ServerState<Distribution>; hasNewTotals: boolean }>,
): Promise<void> {
  const items: Item[] = [];
  for (const [server, { state, hasNewTotals }] of changed) {
    const { totals, ...rest } = state;
    const cursor: CursorItem = { kind: 'cursor', destination, server, ...rest };
    items.push({ key: `${destination} cursor ${server}`, server, value: cursor });
    if (!hasNewTotals || totals === undefined) continue;
    const value: TotalsItem = { kind: 'totals', destination, server, form: FORM, totals };
    items.push({ key: `${destination} totals ${server}`, server, value });
  }
  await store.saveItems(KIND, items);
}

/** What came to minutes that this destination was sent already, by server. */
export async function readLate(
  store: Pick<Store, 'readItems'>,
  destination: DestinationName,
): Promise<{ key: string; addition: LateAddition }[]> {
  const items = await store.readItems('late');
  return items
    .map(({ key, value }) => ({ key, addition: value as LateAddition }))
    .filter(({ addition }) => addition.reader === destination);
}
