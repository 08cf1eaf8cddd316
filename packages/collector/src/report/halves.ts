/**
 * The calls of a period, read as its two halves: trends compare them, everything else is merged from them, so that no
 * row is read twice.
 */

import { mergeRollups } from '../model/mergeRollups.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type SeriesRollup } from '../model/rollup.ts';
import type { Store, TimeRange } from '../store/store.ts';

export interface Halves {
  /** One rollup per tool, over the whole period. */
  whole: SeriesRollup[];
  /** Empty where the halves cannot be told apart, because what is stored is wider than they are. */
  first: SeriesRollup[];
  second: SeriesRollup[];
  usedRange: TimeRange;
}

export async function readHalves(store: Store, range: TimeRange, server: string | undefined): Promise<Halves> {
  const read = (part: TimeRange) => store.readRollups({ ...part, filter: { server }, scope: 'series', digests: true });
  const middleMs = middleOf(range);
  const [first, second] = await Promise.all([
    read({ fromMs: range.fromMs, toMs: middleMs }),
    read({ fromMs: middleMs, toMs: range.toMs }),
  ]);
  if (first.usedRange.toMs > second.usedRange.fromMs) {
    const { rollups, usedRange } = await read(range);
    return { whole: rollups, first: [], second: [], usedRange };
  }
  return {
    whole: joined(first.rollups, second.rollups),
    first: first.rollups,
    second: second.rollups,
    usedRange: { fromMs: first.usedRange.fromMs, toMs: second.usedRange.toMs },
  };
}

/** Where the widest rows that are likely to be stored meet, so that neither half has to be widened into the other. */
function middleOf({ fromMs, toMs }: TimeRange): number {
  const lengthMs = toMs - fromMs;
  const unitMs = lengthMs >= 2 * DAY_MS ? DAY_MS : lengthMs >= 2 * HOUR_MS ? HOUR_MS : MINUTE_MS;
  const middleMs = Math.round((fromMs + lengthMs / 2) / unitMs) * unitMs;
  return Math.min(Math.max(middleMs, fromMs), toMs);
}

export function seriesKey({ series }: SeriesRollup): string {
  return JSON.stringify([series.server, series.name]);
}

function joined(first: readonly SeriesRollup[], second: readonly SeriesRollup[]): SeriesRollup[] {
  const later = new Map(second.map((rollup) => [seriesKey(rollup), rollup]));
  const inFirst = first.map((rollup) => {
    const other = later.get(seriesKey(rollup));
    later.delete(seriesKey(rollup));
    return other ? { ...rollup, ...mergeRollups([rollup, other]) } : rollup;
  });
  return [...inFirst, ...later.values()];
}
