import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../testing/weeksOfCalls.ts';
import { twoSidedPValue } from './normal.ts';
import { seasonalTrend } from './seasonalKendall.ts';

const seasonsOf = (seasons: readonly (readonly number[])[]) => seasons.map((values) => Float64Array.from(values));

/** Of one length, whole numbers, so that shifting and scaling them is exact. */
const anySeasons = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 9 })).chain(([count, length]) =>
  fc.array(
    fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, fc.constant(Number.NaN)), {
      minLength: length,
      maxLength: length,
    }),
    { minLength: count, maxLength: count },
  ),
);

describe('seasonalTrend', () => {
  it('gives the slope of a straight line, and is sure of it', () => {
    const trend = seasonalTrend(
      seasonsOf([0, 10, 20, 30].map((start) => [0, 1, 2, 3, 4, 5, 6].map((i) => start + 3 * i))),
    )!;
    expect(trend.slopePerCycle).toBe(3);
    expect(trend.pValue).toBeLessThan(0.01);
  });

  it('is moved by no single value, however far off', () => {
    const line = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const spiked = line.map((value, index) => (index === 7 ? 1e9 : value));
    expect(seasonalTrend(seasonsOf([spiked]))!.slopePerCycle).toBeCloseTo(1, 0);
  });

  it('takes a pattern of the day for none', () => {
    const flat = seasonsOf([5, 80, 300].map((level) => [level, level, level, level, level, level]));
    expect(seasonalTrend(flat)).toMatchObject({ slopePerCycle: 0, pValue: 1 });
  });

  it('says nothing of what cannot be compared', () => {
    expect(seasonalTrend([])).toBeUndefined();
    expect(seasonalTrend(seasonsOf([[1], [2]]))).toBeUndefined();
    expect(seasonalTrend(seasonsOf([[1, Number.NaN, Number.NaN]]))).toBeUndefined();
  });

  it('follows shift, scale and direction', () => {
    fc.assert(
      fc.property(
        anySeasons,
        fc.integer({ min: -500, max: 500 }),
        fc.constantFrom(-4, -1, 2, 8),
        (values, shift, scale) => {
          const plain = seasonalTrend(seasonsOf(values));
          const moved = seasonalTrend(seasonsOf(values.map((season) => season.map((value) => scale * value + shift))));
          expect(moved === undefined).toBe(plain === undefined);
          expect(moved?.slopePerCycle ?? 0).toBeCloseTo(scale * (plain?.slopePerCycle ?? 0), 9);
          expect(moved?.pValue ?? 1).toBeCloseTo(plain?.pValue ?? 1, 12);
        },
      ),
    );
  });

  it('does not depend on which season comes first', () => {
    fc.assert(
      fc.property(anySeasons, (values) => {
        const [one, other] = [seasonalTrend(seasonsOf(values)), seasonalTrend(seasonsOf([...values].reverse()))];
        expect(other?.slopePerCycle).toBe(one?.slopePerCycle);
        expect(other?.pValue ?? 1).toBeCloseTo(one?.pValue ?? 1, 12);
      }),
    );
  });

  it.each([
    ['hours that differ by chance', 0, 1],
    ['days that differ by chance, all of their hours alike', 2, 1],
  ])('calls one in twenty a trend at most where there are only %s', (_, byDay, byHour) => {
    const random = randomNumbers(7);
    const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const pValues = Array.from({ length: 400 }, () => {
      const days = Array.from({ length: 7 }, () => byDay * normal());
      return seasonalTrend(Array.from({ length: 24 }, () => Float64Array.from(days, (day) => day + byHour * normal())))!
        .pValue;
    });
    const share = (limit: number) => pValues.filter((pValue) => pValue <= limit).length / pValues.length;
    expect(share(0.05)).toBeLessThan(0.06);
    expect(share(0.02)).toBeLessThan(0.02);
    for (const limit of [0.2, 0.5, 0.8]) expect(Math.abs(share(limit) - limit)).toBeLessThan(0.08);
  });
});

describe('twoSidedPValue', () => {
  it.each([
    [0, 1],
    [1, 0.3173],
    [-1.959964, 0.05],
    [2.5758, 0.01],
    [8, 0],
  ])('of %f is %f', (z, pValue) => {
    expect(twoSidedPValue(z)).toBeCloseTo(pValue, 4);
  });
});
