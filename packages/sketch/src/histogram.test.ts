import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { mergeSketches, partsOf, sketchFromBytes, sketchOf } from './anySketch.ts';
import { Digest, SketchFormatError } from './digest.ts';
import type { ExponentialBuckets } from './exponentialBuckets.ts';
import { Histogram } from './histogram.ts';
import { Mixture } from './mixture.ts';

const RUNS = { numRuns: 200 * inject('thoroughness') };

const BOUNDS_MS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];
const FINER_MS = [1, 5, 7, 10, 50, 60, 100, 1000, 3000, 10_000];

function explicitOf(samples: readonly number[], bounds: readonly number[] = BOUNDS_MS): Histogram {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const sample of samples) counts[bounds.filter((bound) => sample > bound).length]! += 1;
  return Histogram.explicit(bounds, counts, figuresOf(samples));
}

/** As an SDK counts in seconds: the scale is lowered until the samples fit. */
function exponentialOf(samples: readonly number[], scale: number, unitMs = 1000): Histogram {
  const indexOf = (sample: number) => Math.ceil(Math.log2(sample / unitMs) * 2 ** scale) - 1;
  const positive = samples.filter((sample) => sample > 0);
  const offset = Math.min(0, ...positive.map(indexOf));
  const counts = new Array<number>(Math.max(0, ...positive.map(indexOf)) - offset + 1).fill(0);
  for (const sample of positive) counts[indexOf(sample) - offset]! += 1;
  const zeroCount = samples.length - positive.length;
  return Histogram.exponential({ unitMs, scale, zeroCount, zeroThreshold: 0, offset, counts }, figuresOf(samples));
}

function figuresOf(samples: readonly number[]) {
  if (samples.length === 0) return {};
  const sum = samples.reduce((total, sample) => total + sample, 0);
  return { sum, min: Math.min(...samples), max: Math.max(...samples) };
}

function bucketsOf(histogram: Histogram): [lower: number, upper: number, count: number][] {
  const buckets: [number, number, number][] = [];
  histogram.forEachBucket((lower, upper, count) => buckets.push([lower, upper, count]));
  return buckets;
}

const sample = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 20_000_000 }).map((us) => us / 1000),
);
const samples = fc.array(sample, { maxLength: 60 });
const histogram = fc.tuple(samples, fc.constantFrom('explicit', 'finer', 'low', 'high', 'ms')).map(([values, kind]) => {
  if (kind === 'explicit') return explicitOf(values);
  if (kind === 'finer') return explicitOf(values, FINER_MS);
  if (kind === 'ms') return exponentialOf(values, 3, 1);
  return exponentialOf(values, kind === 'low' ? 1 : 5);
});

describe('a histogram', () => {
  it('answers from its buckets, within the least and the greatest sample', () => {
    const durations = explicitOf([2, 3, 30, 40, 45, 300]);
    expect(durations).toMatchObject({ count: 6, sum: 420, min: 2, max: 300 });
    expect([durations.quantile(0), durations.quantile(1)]).toEqual([2, 300]);
    // Three samples between 25 and 50: a third of the bucket each, the second in the middle.
    expect(durations.quantile(4 / 6)).toBeCloseTo(37.5);
    expect(durations.countAbove(50)).toBe(1);
    expect(durations.countAbove(1)).toBe(6);
  });

  it('has nothing to say when it is empty', () => {
    const empty = explicitOf([]);
    expect([empty.count, empty.sum, empty.min, empty.max, empty.quantile(0.5)]).toEqual([0, 0, NaN, NaN, NaN]);
    expect(empty.countAbove(0)).toBe(0);
    expect(Histogram.fromBytes(empty.toBytes()).count).toBe(0);
  });

  it('takes from the buckets what the sender does not say', () => {
    const unknown = Histogram.explicit([10, 20], [0, 4, 0]);
    expect(unknown).toMatchObject({ min: 10, max: 20, sum: 60 });
    const beyond = Histogram.explicit([10, 20], [0, 0, 2], { sum: 100 });
    expect(beyond).toMatchObject({ min: 20, max: 50, sum: 100 });
    const undivided = Histogram.explicit([], [4], { sum: 40 });
    expect(undivided).toMatchObject({ count: 4, min: 0, max: 10, sum: 40 });
  });

  it.each([
    ['bounds that descend', () => Histogram.explicit([2, 1], [0, 0, 1])],
    ['a bound below zero', () => Histogram.explicit([-1], [0, 1])],
    ['too few counts', () => Histogram.explicit([1, 2], [1, 1])],
    ['half a sample', () => Histogram.explicit([1], [0.5, 1])],
    ['a scale that nobody uses', () => exponential({ scale: 21 })],
    ['buckets beyond all numbers', () => exponential({ offset: 5_000, scale: 1 })],
    ['a unit that is not known', () => exponential({ unitMs: 7 })],
  ])('refuses %s', (_what, make) => {
    expect(make).toThrow(RangeError);
  });

  it('gives every quantile within the bucket of the sample that it is', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const exact = values.sort((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1]!;
          for (const [made, widthOf] of [
            [explicitOf(values), (at: number) => widthAround(BOUNDS_MS, at)],
            [exponentialOf(values, 3), (at: number) => [at / 2 ** 0.125, at * 2 ** 0.125]],
          ] as const) {
            const [lower, upper] = widthOf(exact);
            const value = made.quantile(q);
            expect(value).toBeGreaterThanOrEqual(Math.max(made.min, lower! * (1 - 1e-9)));
            expect(value).toBeLessThanOrEqual(Math.min(made.max, upper! * (1 + 1e-9)));
          }
        },
      ),
      RUNS,
    );
  });

  it('merges in any order and grouping to the same counts', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        const left = Histogram.merge([Histogram.merge([a, b]), c]);
        const right = Histogram.merge([c, Histogram.merge([b, a])]);
        expect(left.sets).toEqual(right.sets);
        expect(left).toMatchObject({ count: a.count + b.count + c.count, min: right.min, max: right.max });
        expect(left.sum).toBeCloseTo(right.sum, 3);
      }),
      RUNS,
    );
  });

  it('joins different bounds to those that both have, exactly', () => {
    fc.assert(
      fc.property(samples, samples, (values, others) => {
        const common = BOUNDS_MS.filter((bound) => FINER_MS.includes(bound));
        const merged = Histogram.merge([explicitOf(values), explicitOf(others, FINER_MS)]);
        if (values.length === 0 || others.length === 0) return;
        expect(merged.sets).toEqual(explicitOf([...values, ...others], common).sets);
      }),
      RUNS,
    );
  });

  it('brings exponential buckets to the lower scale, exactly, and to no more than 160', () => {
    fc.assert(
      fc.property(samples, samples, (values, others) => {
        const merged = Histogram.merge([exponentialOf(values, 6), exponentialOf(others, 2)]);
        const all = exponentialOf([...values, ...others], others.some((value) => value > 0) ? 2 : 6);
        expect(merged.sets.map(contentOf)).toEqual(all.sets.map(contentOf));
        expect(contentOf(merged.sets[0])?.counts.length ?? 0).toBeLessThanOrEqual(160);
      }),
      RUNS,
    );
    const wide = exponentialOf([0.001, 10_000_000], 8);
    expect(bucketsOf(wide).map(([, , count]) => count)).toEqual([1, 1]);
    expect(contentOf(wide.sets[0])!.counts.length).toBeLessThanOrEqual(160);
  });

  it('tells what came since, and whether it began anew', () => {
    fc.assert(
      fc.property(
        samples,
        samples,
        fc.constantFrom(explicitOf, (all: number[]) => exponentialOf(all, all.length > 60 ? 2 : 4)),
        (before, since, make) => {
          const delta = make([...before, ...since]).since(make(before))!;
          const expected = make(since);
          expect(delta.count).toBe(since.length);
          if (make === explicitOf) expect(delta.sets).toEqual(expected.sets);
          expect(delta.sum).toBeCloseTo(expected.sum, 3);
          if (since.length === 0) return;
          expect(delta.min).toBeLessThanOrEqual(expected.min * (1 + 1e-9));
          expect(delta.max).toBeGreaterThanOrEqual(expected.max * (1 - 1e-9));
          if (before.length > 0) expect(make(before.slice(0, -1)).since(make(before))).toBeUndefined();
        },
      ),
      RUNS,
    );
    expect(explicitOf([5], [10]).since(explicitOf([5]))).toBeUndefined();
    expect(exponentialOf([5], 3).since(explicitOf([5]))).toBeUndefined();
  });
});

describe('the bytes', () => {
  it('make the same histogram again', () => {
    fc.assert(
      fc.property(fc.array(histogram, { minLength: 1, maxLength: 4 }), (histograms) => {
        const merged = Histogram.merge(histograms);
        const again = Histogram.fromBytes(merged.toBytes());
        expect(again).toEqual(merged);
        expect(again.toBytes()).toEqual(merged.toBytes());
      }),
      RUNS,
    );
  });

  it('are refused when anything about them is wrong, and with nothing but SketchFormatError', () => {
    const bytes = fc.tuple(histogram, samples).map(([some, values]) => {
      const digest = Digest.ofSorted(Float64Array.from(values).sort());
      return sketchOf({ digest, histogram: some }).toBytes();
    });
    const change = fc.record({
      at: fc.nat(),
      byte: fc.nat(255),
      cut: fc.nat(3),
      added: fc.uint8Array({ maxLength: 2 }),
    });
    fc.assert(
      fc.property(bytes, change, (whole, { at, byte, cut, added }) => {
        const broken = Uint8Array.from([...whole.subarray(0, whole.length - cut), ...added]);
        if (broken.length > 0) broken[at % broken.length] = byte;
        try {
          const sketch = sketchFromBytes(broken);
          expect(sketchFromBytes(sketch.toBytes()).count).toBe(sketch.count);
          expect(sketch.quantile(0.95)).toSatisfy(
            (value) => Number.isNaN(value) || (value >= sketch.min && value <= sketch.max),
          );
        } catch (error) {
          expect(error).toBeInstanceOf(SketchFormatError);
        }
      }),
      RUNS,
    );
    const histogramBytes = explicitOf([1, 2]).toBytes();
    expect(() => Histogram.fromBytes(histogramBytes.subarray(0, 20))).toThrow(SketchFormatError);
    expect(() => Digest.fromBytes(histogramBytes)).toThrow('version 2, known is 1');
  });
});

describe('a mixture', () => {
  const digest = Digest.ofSorted(Float64Array.of(1, 2, 3, 4, 5, 6));
  const buckets = explicitOf([60, 70, 80, 90]);
  const mixture = sketchOf({ digest, histogram: buckets });

  it('answers for all its samples together', () => {
    expect(mixture).toBeInstanceOf(Mixture);
    expect(mixture).toMatchObject({ count: 10, sum: 321, min: 1, max: 90 });
    expect(mixture.quantile(0.5)).toBe(5);
    expect(mixture.quantile(0.95)).toBeGreaterThan(75);
    expect(mixture.countAbove(5.5)).toBe(5);
  });

  it('is made only where there is something to mix', () => {
    expect(sketchOf({ digest })).toBe(digest);
    expect(sketchOf({ digest: new Digest(), histogram: buckets })).toBe(buckets);
    expect(mergeSketches([digest, digest])).toBeInstanceOf(Digest);
    expect(mergeSketches([buckets])).toBeInstanceOf(Histogram);
    expect(mergeSketches([])).toMatchObject({ count: 0 });
  });

  it('merges and travels by its parts', () => {
    const merged = mergeSketches([mixture, digest, buckets]);
    const again = sketchFromBytes(merged.toBytes());
    expect(merged.count).toBe(20);
    expect(partsOf(again).digest!.centroids()).toEqual(Digest.merge([digest, digest]).centroids());
    expect(partsOf(again).histogram).toEqual(Histogram.merge([buckets, buckets]));
  });
});

function exponential(content: { offset?: number; scale?: number; unitMs?: number }): Histogram {
  return Histogram.exponential({
    unitMs: 1,
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    offset: 0,
    counts: [1],
    ...content,
  });
}

function contentOf(set: Histogram['sets'][number] | undefined) {
  return (set as ExponentialBuckets | undefined)?.content;
}

function widthAround(bounds: readonly number[], value: number): [lower: number, upper: number] {
  const at = bounds.filter((bound) => value > bound).length;
  return [bounds[at - 1] ?? 0, bounds[at] ?? Number.POSITIVE_INFINITY];
}
