import { describe, expect, inject, it } from 'vitest';
import { HOUR_MS } from '../../model/rollup.ts';
import type { TrendMetric } from '../../model/trends.ts';
import { noise } from '../../testing/seriesShapes.ts';
import { correlationsOf, falseShares } from './correlation.ts';

const named = (metric: TrendMetric, rest: Float64Array, server = 'shop') => ({ server, tool: '', metric, rest });

describe('correlationsOf', () => {
  it('finds what follows, by how much later, and to which side', () => {
    const first = noise(400, 1, 0.3);
    const own = noise(400, 2);
    const second = own.map((value, i) => (i < 3 ? value : -0.9 * first[i - 3]! + 0.5 * value));
    const [found, ...others] = correlationsOf([named('cpu', first), named('execution_time', second)], HOUR_MS, 24);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ a: { metric: 'cpu' }, b: { metric: 'execution_time' }, lagMs: 3 * HOUR_MS });
    expect(found!.coefficient).toBeLessThan(-0.7);
    const [turned] = correlationsOf([named('execution_time', second), named('cpu', first)], HOUR_MS, 24);
    expect(turned!.lagMs).toBe(-3 * HOUR_MS);
  });

  it('is moved by no single value', () => {
    const [a, b] = [noise(300, 5), noise(300, 6)];
    a[100] = 1e9;
    b[100] = 1e9;
    expect(correlationsOf([named('cpu', a), named('memory', b)], HOUR_MS, 24)).toEqual([]);
  });

  it.each([0, 0.5, 0.9])(
    'finds anything in one of twenty sets of independent noise at most, of memory %f',
    (memory) => {
      const runs = 40 * inject('thoroughness');
      let wrong = 0;
      for (let run = 0; run < runs; run++) {
        const set = [0, 1, 2, 3].map((i) => named('cpu', noise(336, 7 + 10 * run + i, memory), `server ${i}`));
        if (correlationsOf(set, HOUR_MS, 24).length > 0) wrong++;
      }
      expect(wrong / runs).toBeLessThanOrEqual(0.05);
    },
  );

  it('says nothing of what is short, constant or not there', () => {
    const gone = new Float64Array(200).fill(Number.NaN);
    const still = new Float64Array(200).fill(3);
    const short = noise(20, 3);
    const all = [gone, still, short].map((rest, i) => named('cpu', rest, `${i}`));
    expect(correlationsOf([...all, named('memory', noise(200, 4))], HOUR_MS, 24)).toEqual([]);
  });
});

describe('falseShares', () => {
  // The fifteen p-values of Benjamini and Hochberg 1995, page 295; the harmonic number of 15 is 3.3182.
  const published = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];

  it('of a published example', () => {
    const shares = falseShares(published);
    expect(shares[0]).toBeCloseTo(0.0001 * 15 * 3.3182, 5);
    expect(shares.filter((share) => share <= 0.05)).toHaveLength(3);
    expect(shares.at(-1)).toBe(1);
  });

  it('does not depend on the order', () => {
    expect(falseShares([...published].reverse())).toEqual(falseShares(published).reverse());
    expect(falseShares([])).toEqual([]);
  });
});
