import fc from 'fast-check';
import tdigest from 'tdigest';
import { describe, expect, inject, it, test } from 'vitest';
import { DATASETS, draw, exactQuantile, samples } from './datasets.testkit.ts';
import { Digest } from './digest.ts';

const QUANTILES = [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1];

function digestOf(values: Iterable<number>): Digest {
  const digest = new Digest();
  for (const value of values) digest.add(value);
  return digest;
}

function throughBytes(digest: Digest): Digest {
  return Digest.fromBytes(digest.toBytes());
}

/** In parts of 100 that go through bytes, then in groups of ten that do so too: as stored data do. */
function mergedInLevels(values: Float64Array): Digest {
  const level = (parts: Digest[]): Digest[] =>
    Array.from({ length: Math.ceil(parts.length / 10) }, (_, i) =>
      throughBytes(Digest.merge(parts.slice(10 * i, 10 * i + 10))),
    );
  let parts = Array.from({ length: Math.ceil(values.length / 100) }, (_, i) =>
    throughBytes(Digest.ofSorted(values.slice(100 * i, 100 * i + 100).sort())),
  );
  while (parts.length > 1) parts = level(parts);
  return parts[0]!;
}

const WAYS: Record<string, (values: Float64Array) => Digest> = {
  added: digestOf,
  'added in order': (values) => digestOf(values.toSorted()),
  'of sorted': (values) => Digest.ofSorted(values.toSorted()),
  'through bytes': (values) => throughBytes(digestOf(values)),
  'merged in levels': mergedInLevels,
};

describe.each(Object.keys(DATASETS))('quantiles of %s', (dataset) => {
  describe.each([1, 2, 10, 1_000, 30_000])('%i samples', (size) => {
    test.each(Object.keys(WAYS))('%s', (way) => {
      const values = draw(dataset, size, size);
      const digest = WAYS[way]!(values);
      const sorted = values.toSorted();
      expect(digest.count).toBe(size);
      for (const q of QUANTILES) {
        // An error of rank, not of value: neighbouring samples may lie far from each other.
        const slack = size > 1_000 ? 0.03 : 0;
        const least = exactQuantile(sorted, Math.max(0, q - slack * q * (1 - q)));
        const greatest = exactQuantile(sorted, Math.min(1, q + slack * q * (1 - q)));
        const rounding = 0.0006 * Math.max(Math.abs(least), Math.abs(greatest));
        expect(digest.quantile(q)).toBeGreaterThanOrEqual(least - rounding);
        expect(digest.quantile(q)).toBeLessThanOrEqual(greatest + rounding);
      }
    });
  });
});

describe('exact', () => {
  it('is, up to 1,000 samples', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = Float64Array.from(values).sort();
        const half = Math.floor(values.length / 2);
        const merged = Digest.merge([digestOf(values.slice(0, half)), digestOf(values.slice(half))]);
        expect(merged.quantile(q) === exactQuantile(sorted, q)).toBe(true);
        const value = values[0]!;
        expect(merged.countAbove(value)).toBe(values.filter((other) => other > value).length);
      }),
    );
  });

  it('is where most values repeat, after merges and bytes', () => {
    const digest = mergedInLevels(draw('mostly 10 ms', 100_000, 3));
    expect([0, 0.5, 0.95, 0.99].map((q) => digest.quantile(q))).toEqual([10, 10, 10, 10]);
  });

  it('is for whole milliseconds, after merges and bytes', () => {
    const values = draw('integer ms', 100_000, 4);
    const digest = mergedInLevels(values);
    const sorted = values.toSorted();
    for (const q of QUANTILES) expect(digest.quantile(q)).toBe(exactQuantile(sorted, q));
  });

  it('is the value itself for 9,980 times 10 and 20 times 21', () => {
    const digest = new Digest();
    digest.add(10, 9_980);
    for (let i = 0; i < 20; i++) digest.add(21);
    expect([0.5, 0.998, 0.9981, 1].map((q) => digest.quantile(q))).toEqual([10, 10, 21, 21]);
    expect(digest.countAbove(10)).toBe(20);
  });
});

it('gives no value inside a gap', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (seed, share) => {
      const values = draw('pareto', 5_000, seed).map((value, i) =>
        i < 5_000 * share ? 1 + (value % 1) : 10 + (value % 1),
      );
      const digest = mergedInLevels(values);
      for (let q = 0; q <= 1; q += 1 / 512) {
        const value = digest.quantile(q);
        expect(value <= 2.001 || value >= 9.99, `q ${q} gives ${value}`).toBe(true);
      }
    }),
    { numRuns: 30 * inject('thoroughness') },
  );
});

it('never decreases with q, and stays between min and max', () => {
  for (const dataset of Object.keys(DATASETS)) {
    const digest = mergedInLevels(draw(dataset, 20_000, 5));
    let previous = digest.min;
    for (let i = 0; i <= 4_000; i++) {
      const value = digest.quantile(i / 4_000);
      expect(value).toBeGreaterThanOrEqual(previous);
      previous = value;
    }
    expect(previous).toBe(digest.max);
  }
});

it('counts above a value what lies above it', () => {
  const values = draw('lognormal', 50_000, 6);
  const digest = mergedInLevels(values);
  for (const limit of [0, 5, 20, 50, 200, 1e9]) {
    const exact = values.filter((value) => value > limit).length;
    expect(Math.abs(digest.countAbove(limit) - exact)).toBeLessThanOrEqual(0.0025 * values.length);
  }
  expect(digest.countAbove(-1)).toBe(values.length);
  expect(digest.countAbove(digest.max)).toBe(0);
});

it('is the same on every run, and leaves what is merged as it was', () => {
  const parts = Array.from({ length: 50 }, (_, i) => digestOf(draw('pareto', 400, i)));
  const before = parts.map((part) => part.toBytes());
  const once = Digest.merge(parts).toBytes();
  expect(Digest.merge(parts).toBytes()).toEqual(once);
  expect(parts.map((part) => part.toBytes())).toEqual(before);
});

it('merges in any grouping to about the same', () => {
  const [a, b, c] = [1, 2, 3].map((seed) => digestOf(draw('lognormal', 8_000, seed))) as [Digest, Digest, Digest];
  const left = Digest.merge([Digest.merge([a, b]), c]);
  const right = Digest.merge([a, Digest.merge([b, c])]);
  expect(left.count).toBe(right.count);
  for (const q of [0.5, 0.95, 0.99]) expect(left.quantile(q) / right.quantile(q)).toBeCloseTo(1, 2);
});

it('keeps the number of clusters bounded whatever comes', () => {
  const digest = new Digest();
  for (let i = 0; i < 60_000; i++) digest.add(1.05 ** (i % 9_000) * (i % 2 === 0 ? 1 : -1));
  expect(digest.centroids().length).toBeLessThanOrEqual(1_000);
  expect(digest.count).toBe(60_000);
});

describe('corners', () => {
  it('has nothing when empty', () => {
    const empty = new Digest();
    expect([empty.count, empty.sum, empty.min, empty.max, empty.quantile(0.5)]).toEqual([
      0,
      0,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([empty.countAbove(0), empty.centroids(), Digest.merge([]).count]).toEqual([0, [], 0]);
    expect(throughBytes(empty).count).toBe(0);
  });

  it('takes in an empty digest, and itself', () => {
    const digest = digestOf([3, 1]);
    digest.merge(new Digest());
    digest.merge(digest);
    expect([digest.count, digest.sum, digest.min, digest.max]).toEqual([4, 8, 1, 3]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses the sample %d', (value) => {
    expect(() => new Digest().add(value)).toThrow(RangeError);
    expect(() => Digest.ofSorted(Float64Array.of(1, value))).toThrow(RangeError);
    expect(() => Digest.fromCentroids([{ mean: value, n: 1 }])).toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the weight %d', (weight) => {
    expect(() => new Digest().add(1, weight)).toThrow(RangeError);
  });

  it('refuses what is not ascending, quantiles beyond 0 to 1 and absurd compressions', () => {
    expect(() => Digest.ofSorted(Float64Array.of(2, 1))).toThrow(RangeError);
    for (const q of [-0.1, 1.1, Number.NaN]) expect(() => digestOf([1]).quantile(q)).toThrow(RangeError);
    for (const compression of [0, 9, 10_001, Number.NaN]) expect(() => new Digest(compression)).toThrow(RangeError);
  });
});

describe('beside npm tdigest', () => {
  const values = draw('lognormal', 20_000, 8);
  const theirs = new tdigest.TDigest();
  theirs.push([...values]);
  theirs.compress();

  it('agrees on the same samples', () => {
    const ours = digestOf(values);
    for (const q of [0.1, 0.5, 0.9, 0.99]) expect(ours.quantile(q) / theirs.percentile(q)!).toBeCloseTo(1, 1);
  });

  it('reads its centroids', () => {
    const ours = Digest.fromCentroids(theirs.toArray());
    expect(ours.count).toBe(20_000);
    for (const q of [0.1, 0.5, 0.9, 0.99]) expect(ours.quantile(q) / theirs.percentile(q)!).toBeCloseTo(1, 1);
  });

  it('is read by it', () => {
    const ours = digestOf(values);
    const reader = new tdigest.TDigest();
    reader.push_centroid(ours.centroids());
    for (const q of [0.1, 0.5, 0.9, 0.99]) expect(reader.percentile(q)! / ours.quantile(q)).toBeCloseTo(1, 1);
  });
});
