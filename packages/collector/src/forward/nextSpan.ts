/** Finds what is to be forwarded next, and reads it together with what came late to what was forwarded before. */
import { DAY_MS, MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import { MEASURED_KINDS, type ServerInfo } from '../model/series.ts';
import type { Store } from '../store/store.ts';
import { readLate, type ServerState } from './cursors.ts';
import type { ServerMinute, Span } from './minute.ts';
import type { DestinationName } from './protocol.ts';
import { addLate, type MinuteStore, readMinute, spanAt } from './readMinute.ts';

export type SpanStore = MinuteStore & Pick<Store, 'readItems' | 'deleteItems'>;

export interface ReadSpan {
  span: Span;
  minutes: Map<string, ServerMinute>;
  /** Keys of late additions that are in `minutes`, by server. */
  late: Map<string, string[]>;
}

/** Windows that come to a minute just as it is read let it be read again; this often at most. */
const MAX_READS = 5;

/**
 * The first span that any of the servers has not been forwarded, and the servers that it is next for.
 * @returns undefined when it is not over yet
 */
export async function nextSpan(
  store: SpanStore,
  states: ReadonlyMap<string, Pick<ServerState<unknown>, 'cursorMs'>>,
  dueMs: number,
): Promise<{ span: Span; servers: string[]; cursorMs: number } | undefined> {
  let cursorMs = Number.POSITIVE_INFINITY;
  for (const state of states.values()) cursorMs = Math.min(cursorMs, state.cursorMs);
  if (cursorMs + MINUTE_MS > dueMs) return undefined;
  const servers = [...states].filter(([, state]) => state.cursorMs === cursorMs).map(([server]) => server);
  const span = await spanAt(store, servers[0]!, cursorMs);
  return { span, servers, cursorMs };
}

/**
 * Rows of the span with what is late. The store keeps as late what it adds to the span's rows from before this is called on; an
 * addition to the span itself is either in the rows that are read here or stays in the store for the next time.
 * @param states of the servers that are read
 */
export async function readSpan(
  store: SpanStore,
  destination: DestinationName,
  span: Span,
  states: ReadonlyMap<string, Pick<ServerState<unknown>, 'cursorMs' | 'appliedLate'>>,
): Promise<ReadSpan> {
  for (let reads = 1; ; reads++) {
    const minutes = await readMinute(store, span, new Set(states.keys()));
    const additions = (await readLate(store, destination)).filter(({ addition }) => states.has(addition.server));
    const isDone = ({ key, addition }: (typeof additions)[number]) =>
      states.get(addition.server)!.appliedLate.includes(key);
    const isOfSpan = ({ addition }: (typeof additions)[number]) =>
      addition.minuteMs >= states.get(addition.server)!.cursorMs;
    // What belongs to the span itself was added before or while it was read, and nobody can tell which.
    const doubtful = additions.filter(isOfSpan);
    const forgotten = additions.filter((each) => isOfSpan(each) || isDone(each)).map(({ key }) => key);
    if (forgotten.length > 0) await store.deleteItems('late', forgotten);
    if (doubtful.length > 0 && reads < MAX_READS) continue;
    const late = new Map<string, string[]>();
    for (const { key, addition } of additions) {
      if (forgotten.includes(key)) continue;
      addLate(minutes.get(addition.server)!, addition);
      late.set(addition.server, [...(late.get(addition.server) ?? []), key]);
    }
    return { span, minutes, late };
  }
}

/** Where a server begins that has never been forwarded. @param beganMs 0: with the oldest that is kept */
export async function firstCursor(
  store: MinuteStore,
  { name, firstSeenMs }: ServerInfo,
  beganMs: number,
): Promise<number> {
  const oldestMs = beganMs === 0 ? await oldestRowMs(store, name, startOfMinute(firstSeenMs)) : firstSeenMs;
  return (await spanAt(store, name, Math.max(beganMs, startOfMinute(oldestMs)))).fromMs;
}

/** The hour in which the server's oldest rows begin, which may be before it was first heard of. */
async function oldestRowMs(store: MinuteStore, server: string, firstSeenMs: number): Promise<number> {
  let oldestMs = firstSeenMs;
  let range = { fromMs: 0, toMs: firstSeenMs + MINUTE_MS };
  for (const groupBy of ['day', 'hour'] as const) {
    const filter = { server, kinds: MEASURED_KINDS };
    const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', groupBy, digests: false });
    if (rollups.length === 0) return oldestMs;
    oldestMs = rollups.reduce((least, { startMs }) => Math.min(least, startMs), firstSeenMs);
    range = { fromMs: oldestMs, toMs: oldestMs + DAY_MS };
  }
  return oldestMs;
}
