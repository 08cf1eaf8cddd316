import { Digest, Histogram, mergeSketches } from '@mcp-vitals/sketch';
import { expect, it } from 'vitest';
import { countOf } from '../exponential.ts';
import { OTLP_DISTRIBUTIONS, sketchToDistribution } from './distribution.ts';

const SECONDS = 1 / 1000;
const EXPLICIT = Histogram.explicit([10, 100], [1, 2, 3]);
const EXPONENTIAL = { unitMs: 1000, scale: 3, zeroCount: 1, zeroThreshold: 0, offset: -5, counts: [4, 0, 2] };

it('leaves the buckets that somebody else has counted in', () => {
  expect(sketchToDistribution(EXPLICIT, SECONDS).explicit).toEqual({ bounds: [10, 100], counts: [1, 2, 3] });
  const { exponential, explicit } = sketchToDistribution(Histogram.exponential(EXPONENTIAL), SECONDS);
  expect(explicit).toBeUndefined();
  expect(exponential).toEqual({ scale: 3, zeroCount: 1, offset: -5, counts: [4, 0, 2] });
});

it('counts buckets of another unit anew, and none of them twice', () => {
  const { exponential } = sketchToDistribution(Histogram.exponential({ ...EXPONENTIAL, unitMs: 1 }), SECONDS);
  expect(countOf(exponential!)).toBe(7);
});

it('keeps apart what was counted in two ways', () => {
  const both = sketchToDistribution(mergeSketches([Digest.ofSorted(Float64Array.of(1, 2)), EXPLICIT]), SECONDS);
  expect(countOf(both.exponential!)).toBe(2);
  const twice = OTLP_DISTRIBUTIONS.merge(both, both);
  expect(countOf(twice.exponential!)).toBe(4);
  expect(twice.explicit).toEqual({ bounds: [10, 100], counts: [2, 4, 6] });
});
