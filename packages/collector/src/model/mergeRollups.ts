/** Rollups of several series or spans as one. */
import { mergeSketches } from '@mcp-vitals/sketch';
import type { OutcomeCounts } from '@mcp-vitals/wire/decode';
import { groupBy } from './groupBy.ts';
import type { Rollup } from './rollup.ts';

/** Nothing merged is a rollup without a call. All must have been read with their digests. */
export function mergeRollups(rollups: readonly Rollup[]): Rollup {
  if (rollups.length === 1) return rollups[0]!;
  const outcomes: OutcomeCounts = [0, 0, 0, 0, 0, 0, 0];
  let [sumMs, minMs, maxMs] = [0, Number.NaN, Number.NaN];
  for (const rollup of rollups) {
    for (const [index, count] of rollup.outcomes.entries()) outcomes[index]! += count;
    sumMs += rollup.sumMs;
    if (!(rollup.minMs >= minMs)) minMs = Number.isNaN(rollup.minMs) ? minMs : rollup.minMs;
    if (!(rollup.maxMs <= maxMs)) maxMs = Number.isNaN(rollup.maxMs) ? maxMs : rollup.maxMs;
  }
  return { outcomes, sumMs, minMs, maxMs, digest: mergeSketches(rollups.flatMap(({ digest }) => digest ?? [])) };
}

/** Merges what has the same key, in the order in which keys first appear. */
export function mergeBy<R extends Rollup>(rollups: Iterable<R>, keyOf: (rollup: R) => string): Map<string, Rollup> {
  const groups = groupBy(rollups, keyOf);
  return new Map([...groups].map(([key, group]) => [key, mergeRollups(group)]));
}
