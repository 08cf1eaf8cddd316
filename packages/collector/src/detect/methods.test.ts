/** Each method against the same definition written another way, and at the corners where a division could go wrong. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SENSITIVITIES, type Sensitivity } from '../model/anomaly.ts';
import type { Method } from './method.ts';
import { MIN_HISTORY, movingAverage } from './movingAverage.ts';
import { percentile } from './percentile.ts';
import { zScore } from './zScore.ts';

/** Quarters: sums and squares of them are exact, so that no definition is decided by rounding. */
const value = fc.integer({ min: 0, max: 4000 }).map((quarters) => quarters / 4);
const spiky = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 40, max: 48 }).map((n) => n / 4) },
  { weight: 1, arbitrary: value },
);
const columns = fc.oneof(fc.array(value, { maxLength: 200 }), fc.array(spiky, { maxLength: 200 }));
const sensitivity = fc.constantFrom(...SENSITIVITIES);

const indices = (method: Method, values: number[], level: Sensitivity, from = 0): number[] =>
  method(Float64Array.from(values), level, from).map((finding) => finding.index);

const sumOf = (values: number[]): number => values.reduce((sum, each) => sum + each, 0);

/** (value - mean)^2 > limit^2 * variance, times n^2 and in whole numbers: no root, no division, no rounding. */
function zScoreReference(values: number[], level: Sensitivity): number[] {
  const n = BigInt(values.length);
  const quarters = values.map((each) => BigInt(each * 4));
  const sum = quarters.reduce((a, b) => a + b, 0n);
  const squares = quarters.reduce((a, b) => a + b * b, 0n);
  const halfLimits = { low: 6n, medium: 5n, high: 4n }[level];
  const allowed = halfLimits * halfLimits * (n * squares - sum * sum);
  return quarters.flatMap((each, index) => (4n * (n * each - sum) ** 2n > allowed ? [index] : []));
}

function movingAverageReference(values: number[], level: Sensitivity): number[] {
  const limit = { low: 3, medium: 2, high: 1.5 }[level];
  return values.flatMap((each, i) => (i >= MIN_HISTORY && each * i > limit * sumOf(values.slice(0, i)) ? [i] : []));
}

/** Above the percentile means: at least the percentile's share of the values are smaller. */
function percentileReference(values: number[], level: Sensitivity): number[] {
  const percent = { low: 95, medium: 95, high: 99 }[level];
  return values.flatMap((each, index) => {
    const below = values.filter((other) => other < each).length;
    return below * 100 >= percent * values.length ? [index] : [];
  });
}

const METHODS = [
  { name: 'z-score', method: zScore, reference: zScoreReference },
  { name: 'moving average', method: movingAverage, reference: movingAverageReference },
  { name: 'percentile', method: percentile, reference: percentileReference },
];

describe.each(METHODS)('$name', ({ method, reference }) => {
  it('finds what its definition says', () => {
    fc.assert(
      fc.property(columns, sensitivity, (values, level) => {
        const findings = method(Float64Array.from(values), level, 0);
        const expected = reference(values, level);
        // A value exactly at the limit may fall on either side of it by rounding.
        const clear = new Set(findings.filter((finding) => finding.excess > 1 + 1e-9).map((finding) => finding.index));
        expect(expected.filter((index) => !findings.some((finding) => finding.index === index))).toEqual([]);
        expect([...clear].filter((index) => !expected.includes(index))).toEqual([]);
      }),
    );
  });

  it('judges only from the index on, with the same result', () => {
    fc.assert(
      fc.property(columns, sensitivity, fc.nat(220), (values, level, from) => {
        expect(indices(method, values, level, from)).toEqual(indices(method, values, level).filter((i) => i >= from));
      }),
    );
  });

  it('reports ranges and confidences that make sense', () => {
    fc.assert(
      fc.property(columns, sensitivity, (values, level) => {
        for (const { index, low, high, excess, confidence } of method(Float64Array.from(values), level, 0)) {
          const each = values[index]!;
          expect(each < low || each > high).toBe(true);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(excess).toBeGreaterThan(1);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it.each([
    ['nothing', []],
    ['one value', [7]],
    ['two values', [1, 1000]],
    ['zeros', Array(300).fill(0)],
    ['a constant', Array(300).fill(0.1 + 0.2)],
    ['a constant whose sum rounds', Array(299).fill(1 / 3)],
  ])('finds nothing in %s', (_name, values) => {
    for (const level of SENSITIVITIES) expect(indices(method, values, level)).toEqual([]);
  });

  it('finds the value that leaves a constant series', () => {
    const values = [...Array(299).fill(10), 500];
    for (const level of SENSITIVITIES) expect(indices(method, values, level)).toEqual([299]);
  });

  it('leaves the column as it was', () => {
    const values = Float64Array.of(5, 1, 4, 2, 3);
    method(values, 'high', 0);
    expect([...values]).toEqual([5, 1, 4, 2, 3]);
  });
});

describe('z-score', () => {
  it('needs 11, 8 and 6 values, since n values cannot hold a score above sqrt(n - 1)', () => {
    const first = (level: Sensitivity) =>
      Array.from({ length: 20 }, (_, i) => i + 1).find(
        (n) => indices(zScore, [...Array(n - 1).fill(1), 99], level).length > 0,
      );
    expect([first('low'), first('medium'), first('high')]).toEqual([11, 8, 6]);
  });

  it('states the confidence that the specification gives its limits', () => {
    // Half of the values at each side of 0 and one at the limit itself, far more of the former.
    const confidenceAt = (z: number) => {
      const n = 100_000;
      const values = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 99 : 101));
      values[0] = 100 + z + 1e-4;
      return zScore(values, 'high', 0)[0]?.confidence;
    };
    expect(confidenceAt(3)).toBeCloseTo(0.997, 3);
    expect(confidenceAt(2.5)).toBeCloseTo(0.988, 3);
    expect(confidenceAt(2)).toBeCloseTo(0.9545, 3);
  });

  it('finds dips as well', () => {
    const values = [...Array(50).fill(100), 2];
    const [dip] = zScore(Float64Array.from(values), 'medium', 0);
    expect(dip!.index).toBe(50);
    expect(dip!.low).toBeGreaterThan(2);
  });
});

describe('moving average', () => {
  it('says nothing while there is too little history', () => {
    expect(indices(movingAverage, [...Array(MIN_HISTORY - 1).fill(1), 99], 'high')).toEqual([]);
    expect(indices(movingAverage, [...Array(MIN_HISTORY).fill(1), 99], 'high')).toEqual([MIN_HISTORY]);
  });

  it('is never surer than its history is long', () => {
    const [finding] = movingAverage(Float64Array.from([...Array(9).fill(1), 99]), 'low', 0);
    expect(finding!.confidence).toBeCloseTo(9 / 10, 12);
  });

  it('takes any value above an average of zero', () => {
    const [finding] = movingAverage(Float64Array.from([...Array(10).fill(0), 0.5]), 'low', 0);
    expect(finding).toMatchObject({ index: 10, low: 0, high: 0, excess: Number.POSITIVE_INFINITY });
  });
});

describe('percentile', () => {
  it('takes P95, and for high sensitivity P99, as specified', () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(indices(percentile, values, 'low')).toHaveLength(10);
    expect(indices(percentile, values, 'medium')).toHaveLength(10);
    expect(indices(percentile, values, 'high')).toHaveLength(2);
  });

  it('gives the share of smaller values as confidence', () => {
    const values = Float64Array.from({ length: 20 }, (_, i) => i);
    expect(percentile(values, 'medium', 0)).toEqual([
      { index: 19, low: 0, high: 18, excess: 10 / 9, confidence: 19 / 20 },
    ]);
  });
});
