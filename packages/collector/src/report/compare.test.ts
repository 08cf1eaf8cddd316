import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rollup } from '../model/rollup.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { compare } from './compare.ts';
import { createReports } from './service.ts';

/** Durations around 100 ms, the same for the same seed. */
function calls(seed: number, count: number, { factor = 1, errors = 0 } = {}): Rollup {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const spread = () => random() + random() + random() + random() - 2;
  const durations = Float64Array.from({ length: count }, () => factor * 100 * Math.exp(spread())).sort();
  return {
    outcomes: [count - errors, errors, 0, 0, 0, 0, 0],
    sumMs: durations.reduce((sum, each) => sum + each, 0),
    minMs: durations[0]!,
    maxMs: durations.at(-1)!,
    digest: Digest.ofSorted(durations),
  };
}

const one = (from: Rollup, to: Rollup) => compare('a', 'b', new Map([['t', from]]), new Map([['t', to]]));

describe('two sides', () => {
  it('that are the same are hardly ever called worse, however many calls there are', () => {
    const seed = fc.integer({ min: 1, max: 2 ** 31 });
    const count = fc.integer({ min: 30, max: 3_000 });
    let worse = 0;
    fc.assert(
      fc.property(seed, seed, count, count, (a, b, m, n) => {
        if (one(calls(a, m), calls(b, n)).isWorse) worse += 1;
      }),
      { numRuns: 300 },
    );
    expect(worse).toBeLessThan(3);
  });

  it('of which one is half as slow again are told apart with 500 calls each', () => {
    const { tools, isWorse } = one(calls(1, 500), calls(2, 500, { factor: 1.5 }));
    expect(isWorse).toBe(true);
    expect(tools[0]).toMatchObject({
      calls: [500, 500],
      p50Ms: { verdict: 'worse' },
      errorPercent: { verdict: 'same' },
    });
    const back = one(calls(1, 500, { factor: 1.5 }), calls(2, 500));
    expect(back.isWorse).toBe(false);
    expect(back.tools[0]!.p50Ms.verdict).toBe('better');
  });

  it('of few calls are told apart by their median, and not by a p95 that they cannot tell', () => {
    const { tools, isWorse } = one(calls(1, 40), calls(2, 40, { factor: 3 }));
    expect([tools[0]!.p50Ms.verdict, tools[0]!.p95Ms.verdict, isWorse]).toEqual(['worse', 'same', true]);
  });

  it('of which one fails more often are told apart', () => {
    expect(one(calls(1, 500), calls(2, 500, { errors: 20 })).tools[0]!.errorPercent).toEqual({
      from: 0,
      to: 4,
      verdict: 'worse',
    });
    expect(one(calls(1, 500), calls(2, 500, { errors: 2 })).isWorse).toBe(false);
  });

  it('with too few calls are not judged', () => {
    const { tools, isWorse } = one(calls(1, 500), calls(2, 29, { factor: 10 }));
    expect([tools[0]!.p95Ms.verdict, isWorse]).toEqual(['unknown', false]);
  });

  it('are compared by the tools that both have', () => {
    const all = compare('a', 'b', new Map([['old', calls(1, 50)]]), new Map([['new', calls(1, 50)]]));
    expect(all).toEqual({ from: 'a', to: 'b', tools: [], isWorse: false });
  });
});

describe('versions of a server', () => {
  const START_MS = Date.UTC(2026, 0, 6, 8);
  let filled: FilledStore;
  afterEach(() => filled.close());

  it('are compared over when they ran', async () => {
    filled = await openFilledStore(START_MS);
    for (let minute = 0; minute < 60; minute += 1) {
      const atMs = START_MS + minute * MINUTE_MS + 30_000;
      const durationsMs = Array.from({ length: 20 }, (_, i) => (minute < 30 ? 100 : 200) + i);
      await filled.record([{ server: 'shop', tool: 'pay', atMs, durationsMs }]);
    }
    filled.clock.advance(60 * MINUTE_MS);
    const deploy = { server: 'shop', atMs: START_MS + 30 * MINUTE_MS, fromVersion: '1.0', toVersion: '2.0' };
    await filled.store.saveItems('deploy', [{ key: 'd', value: deploy }]);
    const reports = createReports(filled);
    const request = { from: '1.0', to: '2.0', server: 'shop', minutes: 60 };
    const { tools, isWorse } = await reports.compare(request);
    expect(isWorse).toBe(true);
    expect(tools).toMatchObject([{ calls: [600, 600], p50Ms: { from: 109, to: 209, verdict: 'worse' } }]);
    await expect(reports.compare({ ...request, to: '3.0' })).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Seen: 1.0, 2.0.',
    });
  });
});
