import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsWithin, logBins } from './logBins.ts';

/** From below the clock's resolution to hours, as often short as long. */
const duration = fc.oneof(
  fc.double({ min: -6, max: 7, noNaN: true }).map((power) => 10 ** power),
  fc.constantFrom(0, 1e-6, 0.001, 1, 1e7),
);
const durations = fc.array(duration, { minLength: 1, maxLength: 400 });
const binCount = fc.integer({ min: 1, max: 80 });

const digestOf = (values: readonly number[]) => Digest.ofSorted(Float64Array.from(values).sort());
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const binsOf = (values: readonly number[], count: number) => logBins(Math.min(...values), Math.max(...values), count);

describe('bins', () => {
  it('ascend, are as many as asked for, and hold every value', () => {
    fc.assert(
      fc.property(durations, binCount, (values, count) => {
        const bounds = binsOf(values, count);
        expect(bounds).toHaveLength(count);
        for (const [bin, bound] of bounds.entries()) expect(bound).toBeGreaterThan(bounds[bin - 1] ?? 0);
        expect(bounds.at(-1)).toBeGreaterThan(Math.max(...values));
      }),
    );
  });

  it('are evenly spaced by their logarithm', () => {
    const bounds = logBins(1, 1000 / 1.01, 3);
    for (const [bin, bound] of [10, 100, 1000].entries()) expect(bounds[bin]).toBeCloseTo(bound, 6);
  });

  it('are none without a value', () => {
    expect(logBins(Number.NaN, Number.NaN, 5)).toEqual([]);
    expect(logBins(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5)).toEqual([]);
  });
});

describe('counts', () => {
  it('sum up to all, however many values there are', () => {
    fc.assert(
      fc.property(durations, binCount, fc.integer({ min: 1, max: 50 }), (values, count, times) => {
        const digest = Digest.merge(Array.from({ length: times }, () => digestOf(values)));
        const counts = countsWithin(digest, binsOf(values, count));
        expect(sum(counts)).toBe(values.length * times);
        expect(counts.every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
      }),
    );
  });

  it('are those of plain counting where the sketch holds the values themselves', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 60 }), binCount, (values, count) => {
        const bounds = binsOf(values, count);
        const plain = bounds.map(
          (bound, bin) => values.filter((value) => value <= bound && value > (bounds[bin - 1] ?? -1)).length,
        );
        expect(countsWithin(digestOf(values), bounds)).toEqual(plain);
      }),
    );
  });

  it('are off by no more than the sketch is where it does not', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 2_000, maxLength: 4_000 }), (values) => {
        const bounds = binsOf(values, 32);
        const parts = Array.from({ length: 8 }, (_, i) => digestOf(values.filter((__, k) => k % 8 === i)));
        const counts = countsWithin(Digest.merge(parts), bounds);
        let upTo = 0;
        for (const [bin, bound] of bounds.entries()) {
          upTo += counts[bin]!;
          const plain = values.filter((value) => value <= bound).length;
          expect(Math.abs(upTo - plain) / values.length).toBeLessThan(0.02);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are none of nothing', () => {
    expect(countsWithin(undefined, [1, 2])).toEqual([0, 0]);
    expect(countsWithin(new Digest(), [1, 2])).toEqual([0, 0]);
    expect(countsWithin(digestOf([1]), [])).toEqual([]);
  });
});
