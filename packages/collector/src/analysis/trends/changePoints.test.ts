import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { HOUR_MS } from '../../model/rollup.ts';
import { noise } from '../../testing/seriesShapes.ts';
import { levelsOf } from './changePoints.ts';
import { segmentEnds } from './segments.ts';

const START_MS = Date.UTC(2026, 1, 1);
const stepsOf = (values: Float64Array) =>
  levelsOf(values, START_MS, HOUR_MS).changePoints.map(({ atMs }) => (atMs - START_MS) / HOUR_MS);

describe('segmentEnds', () => {
  it('finds the cheapest of all ways to cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 11 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 40 }),
        (values, minSteps, penalty) => {
          const found = segmentEnds(Float64Array.from(values), minSteps, penalty);
          expect(found.cost).toBeCloseTo(cheapest(values, minSteps, penalty), 9);
          expect(found.ends.at(-1)).toBe(values.length);
        },
      ),
    );
  });

  /** By trying every set of places. */
  function cheapest(values: readonly number[], minSteps: number, penalty: number): number {
    let best = Number.POSITIVE_INFINITY;
    for (let set = 0; set < 2 ** (values.length - 1); set++) {
      const ends = [...values.keys()].filter((i) => i > 0 && (set >> (i - 1)) & 1).concat(values.length);
      const parts = ends.map((end, i) => values.slice(i === 0 ? 0 : ends[i - 1], end));
      if (parts.length > 1 && parts.some(({ length }) => length < minSteps)) continue;
      best = Math.min(
        best,
        parts.reduce((sum, part) => sum + squares(part), penalty * (parts.length - 1)),
      );
    }
    return best;
  }

  function squares(values: readonly number[]): number {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  }
});

describe('levelsOf', () => {
  it.each([0, 0.5])('finds changes where they were planted, in noise of memory %f', (memory) => {
    for (let seed = 1; seed <= 5; seed++) {
      const values = noise(720, seed, memory).map((value, i) => (i < 200 ? 100 : i < 500 ? 130 : 90) + 6 * value);
      const found = stepsOf(values);
      expect(found).toHaveLength(2);
      expect(Math.abs(found[0]! - 200)).toBeLessThanOrEqual(4);
      expect(Math.abs(found[1]! - 500)).toBeLessThanOrEqual(4);
    }
  });

  it.each([0, 0.4, 0.7])('finds none in 95 of 100 series of noise alone, of memory %f', (memory) => {
    const runs = 100 * inject('thoroughness');
    let wrong = 0;
    for (let seed = 1; seed <= runs; seed++) {
      if (stepsOf(noise(240, 1_000 + seed, memory).map((value) => 20 + value)).length > 0) wrong++;
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05);
  });

  it('takes neither a spike nor a slope for a change', () => {
    const spiked = noise(480, 11).map((value, i) => (i >= 300 && i < 304 ? 900 : 100 + value));
    expect(stepsOf(spiked)).toEqual([]);
    const rising = noise(480, 12).map((value, i) => 100 + i / 4 + 3 * value);
    expect(stepsOf(rising)).toEqual([]);
  });

  it('finds a change in what rises, and gaps in neither', () => {
    const values = noise(480, 13).map((value, i) => {
      const isGap = i > 100 && i < 130;
      return isGap ? Number.NaN : 100 + i / 8 + (i < 240 ? 0 : 40) + 3 * value;
    });
    const found = stepsOf(values);
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0]! - 240)).toBeLessThanOrEqual(4);
  });
});
