import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import {
  countOf,
  type ExponentialHistogram,
  exponentialOf,
  MAX_BUCKETS,
  mergeExponential,
  upperBound,
} from './exponential.ts';

const numRuns = 60 * inject('thoroughness');
/** Microseconds to days, in ms; zero is a duration as well. */
const duration = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0.001, max: 1e8, noNaN: true }) },
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 64 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const durations = fc.array(duration, { minLength: 1, maxLength: 3_000, size: 'max' });
const SECONDS = 1 / 1000;

const digestOf = (values: readonly number[]) => Digest.ofSorted(Float64Array.from(values).sort());

/** As a receiver reads it: the bucket of the rank, from its lower to its upper bound. */
function bucketOfRank(histogram: ExponentialHistogram, rank: number): [number, number] {
  let before = histogram.zeroCount;
  if (rank <= before) return [0, 0];
  for (const [i, count] of histogram.counts.entries()) {
    before += count;
    const index = histogram.offset + i;
    if (rank <= before) return [upperBound(index - 1, histogram.scale), upperBound(index, histogram.scale)];
  }
  throw new Error(`rank ${rank} of ${before}`);
}

it('counts every sample once, in at most 160 buckets', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const digest = digestOf(values);
      const histogram = exponentialOf(digest, SECONDS);
      expect(countOf(histogram)).toBe(digest.count);
      expect(histogram.counts.length).toBeLessThanOrEqual(MAX_BUCKETS);
      expect(histogram.counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      expect(histogram.zeroCount).toBe(digest.count - digest.countAbove(0));
    }),
    { numRuns },
  );
});

it('has every quantile of the sketch within its bucket', () => {
  fc.assert(
    fc.property(durations, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (values, q) => {
      const digest = digestOf(values);
      const histogram = exponentialOf(digest, SECONDS);
      const rank = Math.max(1, Math.ceil(q * digest.count - 1e-9));
      const [lower, upper] = bucketOfRank(histogram, rank);
      const quantile = digest.quantile(q) * SECONDS;
      // Counts inside a cluster are rounded to whole samples, so next to a bound the neighbour may have it.
      const slack = digest.size === values.length ? 1e-9 : upper / Math.max(lower, 1e-12) - 1 + 0.01;
      expect(quantile).toBeGreaterThanOrEqual(lower * (1 - slack));
      expect(quantile).toBeLessThanOrEqual(upper * (1 + slack));
    }),
    { numRuns },
  );
});

it('merges to what it would have been made of all samples', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const merged = mergeExponential(exponentialOf(digestOf(a), SECONDS), exponentialOf(digestOf(b), SECONDS));
      expect(countOf(merged)).toBe(a.length + b.length);
      expect(merged.counts.length).toBeLessThanOrEqual(MAX_BUCKETS);
      const all = [...a, ...b].sort((x, y) => x - y);
      if (digestOf(a).size < a.length || digestOf(b).size < b.length) return;
      for (const rank of [1, Math.ceil(all.length / 2), all.length]) {
        const [lower, upper] = bucketOfRank(merged, rank);
        const value = all[rank - 1]! * SECONDS;
        expect(value).toBeGreaterThanOrEqual(lower * (1 - 1e-9));
        expect(value).toBeLessThanOrEqual(upper * (1 + 1e-9));
      }
    }),
    { numRuns },
  );
});

it('puts powers of two into the bucket that they are the upper bound of', () => {
  const histogram = exponentialOf(digestOf([250, 500, 1000, 2000, 2000]), SECONDS);
  for (const [rank, value] of [0.25, 0.5, 1, 2, 2].entries()) expect(bucketOfRank(histogram, rank + 1)[1]).toBe(value);
  expect(exponentialOf(digestOf([0, 0]), SECONDS)).toEqual({ scale: 10, zeroCount: 2, offset: 0, counts: [] });
});
