import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeBy, mergeRollups } from './mergeRollups.ts';
import type { Rollup } from './rollup.ts';

function rollup(durations: readonly number[]): Rollup {
  const sorted = Float64Array.from(durations).sort();
  return {
    outcomes: [durations.length, 0, 0, 0, 1, 0, 0],
    sumMs: durations.reduce((sum, ms) => sum + ms, 0),
    minMs: sorted[0] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
    digest: Digest.ofSorted(sorted),
  };
}

describe('mergeRollups', () => {
  it('is the rollup of all that went into its parts', () => {
    const parts = fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }), { maxLength: 6 });
    fc.assert(
      fc.property(parts, (durations) => {
        const merged = mergeRollups(durations.map(rollup));
        const expected = rollup(durations.flat());
        expect(merged.outcomes).toEqual([durations.flat().length, 0, 0, 0, durations.length, 0, 0]);
        expect([merged.sumMs, merged.minMs, merged.maxMs]).toEqual([expected.sumMs, expected.minMs, expected.maxMs]);
        expect(merged.digest!.count).toBe(durations.flat().length);
        expect(merged.digest!.quantile(0.5)).toEqual(expected.digest!.quantile(0.5));
      }),
    );
  });

  it('keeps keys apart, in the order they came', () => {
    const merged = mergeBy([rollup([1]), rollup([2, 3]), rollup([4])], ({ maxMs }) => (maxMs === 3 ? 'b' : 'a'));
    expect([...merged].map(([key, { sumMs }]) => [key, sumMs])).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
  });
});
