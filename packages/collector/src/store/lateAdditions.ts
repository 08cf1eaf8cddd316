/** What comes to a minute after somebody has read its rows, as items for them; see `Store.keepLate`. */
import { randomUUID } from 'node:crypto';
import type { SeriesKey } from '../model/series.ts';
import type { Accumulator } from './accumulator.ts';
import { getOrInsert } from './getOrInsert.ts';
import type { Item, LateAddition, LateRollup, ReadersOf } from './store.ts';

/** @param additions what is about to be added to the rows of the minute, of series only */
export function lateItems(
  readersOf: ReadersOf,
  minuteMs: number,
  additions: Iterable<readonly [SeriesKey, Accumulator]>,
): Item[] {
  const byServer = new Map<string, LateRollup[] | undefined>();
  for (const [series, sum] of additions) {
    const { server } = series;
    const rollups = getOrInsert(byServer, server, () => (readersOf(server, minuteMs).length > 0 ? [] : undefined));
    rollups?.push(lateRollup(series, sum));
  }
  return [...byServer].flatMap(([server, rollups]) => {
    if (rollups === undefined) return [];
    return readersOf(server, minuteMs).map((reader) => {
      const value: LateAddition = { reader, server, minuteMs, rollups };
      return { key: `${reader} ${minuteMs} ${randomUUID()}`, server, value };
    });
  });
}

function lateRollup({ kind, name }: SeriesKey, sum: Accumulator): LateRollup {
  const { empty, outcomes, sumMs } = sum;
  return {
    kind,
    name,
    outcomes: [...outcomes],
    sumMs,
    minMs: empty ? null : sum.minMs,
    maxMs: empty ? null : sum.maxMs,
    digest: empty ? '' : Buffer.from(sum.digest().toBytes()).toString('base64'),
  };
}
