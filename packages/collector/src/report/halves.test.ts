import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callCount, DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { readHalves } from './halves.ts';

const NOW = Date.parse('2025-10-31T13:30:00Z');
let filled: FilledStore;

beforeEach(async () => {
  filled = await openFilledStore(NOW);
});
afterEach(() => filled.close());

const total = (rollups: readonly Parameters<typeof callCount>[0][]) =>
  rollups.reduce((sum, rollup) => sum + callCount(rollup), 0);

describe('readHalves', () => {
  it('joins tools that were called in one half only', async () => {
    const fromMs = NOW - HOUR_MS;
    await filled.record([
      { server: 'files', tool: 'early', atMs: fromMs + MINUTE_MS, durationsMs: [1] },
      { server: 'files', tool: 'both', atMs: fromMs + MINUTE_MS, durationsMs: [1, 5] },
    ]);
    await filled.record([
      { server: 'files', tool: 'both', atMs: NOW - MINUTE_MS, durationsMs: [3] },
      { server: 'files', tool: 'late', atMs: NOW - MINUTE_MS, durationsMs: [1] },
    ]);
    const { whole, first, second } = await readHalves(filled.store, { fromMs, toMs: NOW }, undefined);
    expect(whole.map(({ series, ...rollup }) => [series.name, callCount(rollup), rollup.minMs, rollup.maxMs])).toEqual([
      ['both', 3, 1, 5],
      ['early', 1, 1, 1],
      ['late', 1, 1, 1],
    ]);
    expect(whole[0]!.digest!.quantile(0.5)).toBe(3);
    expect([total(first), total(second)]).toEqual([3, 2]);
  });

  it('counts nothing twice where what is stored is wider than a half', async () => {
    const hourMs = Date.parse('2025-10-30T06:00:00Z');
    await filled.record([{ server: 'files', tool: 'read', atMs: hourMs + 30 * MINUTE_MS, durationsMs: [1, 2, 3] }]);
    await filled.store.closeMinutes(NOW);
    await filled.store.rollUp(NOW);
    await filled.store.applyRetention(NOW);
    const range = { fromMs: hourMs, toMs: hourMs + HOUR_MS };
    const halves = await readHalves(filled.store, range, undefined);
    expect(total(halves.whole)).toBe(3);
    expect([halves.first, halves.second]).toEqual([[], []]);
    expect(halves.usedRange).toEqual(range);
  });

  it.each([0, 1, MINUTE_MS, 7 * HOUR_MS, 3 * DAY_MS, 365 * DAY_MS])(
    'covers a range of %s ms without a gap',
    async (ms) => {
      await filled.record([{ server: 'files', tool: 'read', atMs: NOW - 1, durationsMs: [1] }]);
      const { whole } = await readHalves(filled.store, { fromMs: NOW - ms, toMs: NOW }, undefined);
      expect(total(whole)).toBe(ms === 0 ? 0 : 1);
    },
  );
});
