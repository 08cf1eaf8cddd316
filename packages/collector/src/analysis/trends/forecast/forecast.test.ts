import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../model/rollup.ts';
import { noise, series } from '../../../testing/seriesShapes.ts';
import { type ForecastInput, forecast } from './forecast.ts';

const QUANTILES = [0.025, 0.1, 0.5, 0.9, 0.975];
const numRuns = 20 * inject('thoroughness');

function pathsOf(values: Float64Array, set: Partial<ForecastInput> = {}) {
  return forecast({ values, stepMs: HOUR_MS, steps: 48, quantiles: QUANTILES, ...set })!;
}

const anyValues = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
      { weight: 2, arbitrary: fc.constant(Number.NaN) },
      fc.constantFrom(0, 1e-300, 1e12),
    ),
    { minLength: 1, maxLength: 90 },
  )
  .map((values) => Float64Array.from(values));

const daily = (i: number) => 100 + 40 * Math.sin((2 * Math.PI * i) / 24);

describe('forecast', () => {
  it('has no number that is none, and widens to both sides, whatever comes in', () => {
    fc.assert(
      fc.property(anyValues, fc.constantFrom(HOUR_MS, DAY_MS), (values, stepMs) => {
        const paths = forecast({ values, stepMs, steps: 40, quantiles: QUANTILES });
        const isEmpty = values.every((value) => Number.isNaN(value));
        expect(paths === undefined).toBe(isEmpty);
        if (isEmpty) return;
        for (const path of paths!) for (const value of path) expect(value).not.toBeNaN();
        const [low95, low80, middle, high80, high95] = paths as [
          Float64Array,
          Float64Array,
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        for (let i = 0; i < 40; i++) {
          expect(low80[i]!).toBeLessThanOrEqual(middle[i]!);
          expect(high80[i]!).toBeGreaterThanOrEqual(middle[i]!);
          expect(low95[i]!).toBeLessThanOrEqual(low80[i]!);
          expect(high95[i]!).toBeGreaterThanOrEqual(high80[i]!);
        }
        const slack = 1e-9 * Math.max(...high95.map((value) => Math.abs(value)), 1);
        for (let i = 1; i < 40; i++) {
          expect(high95[i]! - middle[i]!).toBeGreaterThanOrEqual(high95[i - 1]! - middle[i - 1]! - slack);
          expect(middle[i]! - low95[i]!).toBeGreaterThanOrEqual(middle[i - 1]! - low95[i - 1]! - slack);
        }
      }),
      { numRuns },
    );
  });

  it('of what is shifted and scaled is shifted and scaled', () => {
    const usual = noise(200, 4, 0.5).map((value, i) => daily(i) + 8 * value);
    const plain = pathsOf(usual);
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.constantFrom(0.01, 2, 512), (shift, scale) => {
        const moved = pathsOf(usual.map((value) => shift + scale * value));
        for (const [q, path] of plain.entries()) {
          for (const [i, value] of path.entries()) expect(moved[q]![i]! / (shift + scale * value)).toBeCloseTo(1, 6);
        }
      }),
      { numRuns: 6 },
    );
  });

  it('is the same every time', () => {
    const values = noise(300, 9, 0.8);
    expect(pathsOf(values)).toEqual(pathsOf(values));
  });

  it('goes on with what repeats exactly, and is sure of it', () => {
    const paths = pathsOf(series(240, daily));
    for (const path of paths) for (const [i, value] of path.entries()) expect(value).toBeCloseTo(daily(240 + i), 6);
  });

  it('goes on with what never changes', () => {
    for (const path of pathsOf(new Float64Array(50).fill(7))) for (const value of path) expect(value).toBeCloseTo(7, 9);
  });

  it('goes on with a straight line', () => {
    const [, , middle] = pathsOf(series(200, (i) => 10 + 3 * i));
    expect(middle![47]! / (10 + 3 * 247)).toBeCloseTo(1, 1);
  });

  it('knows weekends after two of them', () => {
    const weekly = (i: number) => daily(i) * (Math.floor(i / 24) % 7 >= 5 ? 0.2 : 1);
    const [, , middle] = pathsOf(series(504, weekly), { steps: 168 });
    for (const [i, value] of middle!.entries()) expect(Math.abs(value - weekly(504 + i))).toBeLessThan(5);
  });

  it('comes back to what is usual after an outlier', () => {
    const values = noise(240, 2).map((value) => 100 + value);
    values[239] = 5_000;
    const [, , middle] = pathsOf(values);
    expect(middle![24]!).toBeLessThan(200);
  });

  it('begins at the new level after a deployment', () => {
    const values = noise(480, 3).map((value, i) => (i < 400 ? 100 : 160) + 3 * value);
    const [, , middle] = pathsOf(values);
    expect(middle![0]!).toBeGreaterThan(150);
  });

  it('is made of three days, and wider than of thirty', () => {
    const usual = noise(720, 5, 0.5).map((value, i) => daily(i) + 8 * value);
    const widthOf = (values: Float64Array) => {
      const paths = pathsOf(values);
      return paths[4]![40]! - paths[0]![40]!;
    };
    expect(widthOf(usual.slice(-72))).toBeGreaterThan(widthOf(usual));
  });

  it('sees through gaps: nights without calls, a lost day', () => {
    const values = noise(480, 6).map((value, i) => {
      const isGap = i % 24 < 6 || (i >= 200 && i < 224);
      return isGap ? Number.NaN : daily(i) + 3 * value;
    });
    const [low95, , middle, , high95] = pathsOf(values);
    for (let i = 0; i < 48; i++) {
      if (i % 24 < 6) continue;
      expect(Math.abs(middle![i]! - daily(480 + i))).toBeLessThan(12);
      expect(high95![i]! - low95![i]!).toBeLessThan(60);
    }
  });

  it('keeps to what can be', () => {
    const falling = pathsOf(
      noise(240, 7).map((value, i) => Math.max(0, 100 - i / 2.4 + 5 * value)),
      { floor: 0, steps: 240 },
    );
    for (const path of falling) for (const value of path) expect(value).toBeGreaterThanOrEqual(0);
    const filling = pathsOf(
      noise(240, 8).map((value, i) => Math.min(100, i / 2.5 + value)),
      { ceiling: 100, steps: 240 },
    );
    for (const path of filling) for (const value of path) expect(value).toBeLessThanOrEqual(100);
    expect(filling[2]![200]).toBe(100);
  });

  it('holds 95 of 100 values in its interval, give or take', () => {
    let [within, count] = [0, 0];
    for (let seed = 1; seed <= 12 * inject('thoroughness'); seed++) {
      const all = noise(336 + 48, seed, 0.6).map((value, i) => daily(i) + 10 * value);
      const [low, , , , high] = pathsOf(all.slice(0, 336));
      for (let i = 0; i < 48; i++) {
        count++;
        if (all[336 + i]! >= low![i]! && all[336 + i]! <= high![i]!) within++;
      }
    }
    expect(within / count).toBeGreaterThan(0.9);
    expect(within / count).toBeLessThan(0.995);
  });
});
