/** What the service keeps and writes down, on a real store, of real runs of a real server. */
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAuditLog } from '../../audit/auditLog.ts';
import { systemClock } from '../../clock.ts';
import type { BenchmarkRequest } from '../../model/benchmark.ts';
import { type FilledStore, openFilledStore } from '../../testing/filledStore.ts';
import { KeptRuns } from './keptRuns.ts';
import { type BenchmarksService, createBenchmarks } from './service.ts';

const SERVER = fileURLToPath(new URL('../../../../../tests/bench/servers/slots.mjs', import.meta.url));
const TARGETS = {
  'a/b %': {
    command: process.execPath,
    args: [SERVER, '2', '5'],
    env: { TOKEN: 'env:SECRET' },
    tools: ['serve'],
    arguments: { serve: { word: 'sesame' } },
  },
};

const REQUEST: BenchmarkRequest = {
  target: 'a/b %',
  tool: 'serve',
  profile: 'light',
  mode: 'open',
  isBursty: true,
  warmUpMs: 200,
  iterations: 3,
  durationMs: 1_000,
  compareWith: 'latest',
  findsSaturation: false,
  acceptsChanges: false,
};

let filled: FilledStore;
let benchmarks: BenchmarksService;
let resolved: string[];
beforeEach(async () => {
  filled = await openFilledStore(Date.now(), { benchmarks: { targets: TARGETS, minDurationSeconds: 1 } });
  resolved = [];
  const { store, config } = filled;
  benchmarks = createBenchmarks({
    store,
    config,
    clock: systemClock,
    audit: createAuditLog({ store, clock: systemClock }),
    resolveSecret(text) {
      resolved.push(text);
      return text;
    },
    version: 'test',
  });
});
afterEach(async () => {
  await benchmarks.close();
  await filled.close();
});

const auditLines = () =>
  createAuditLog({ store: filled.store, clock: systemClock }).entries({ fromMs: 0, toMs: Infinity, limit: 10 });

it('keeps the newest report of a load, baselines by name, and the rate that they were made with', async () => {
  const first = await benchmarks.run({ ...REQUEST, saveAs: 'v/1' }, { by: 'me' });
  const second = await benchmarks.run(REQUEST, { by: 'me' });
  expect(second.offeredPerSecond).toBe(first.offeredPerSecond);
  expect(second.comparison).toMatchObject({ baseline: 'v/1', measuredAt: first.startedAt });
  expect(await benchmarks.latest({})).toEqual([second]);
  expect(await benchmarks.latest({ tool: 'another' })).toEqual([]);
  expect(await benchmarks.saved()).toEqual([
    { name: 'v/1', target: 'a/b %', tool: 'serve', profile: 'light', mode: 'open', measuredAt: first.startedAt },
  ]);
  expect(resolved).toEqual(['env:SECRET', 'env:SECRET']);
  expect(JSON.stringify(await filled.store.readItems('benchmark'))).not.toContain('sesame');

  const lines = await auditLines();
  expect(lines.map(({ by, action, details }) => [by, action, details.outcome])).toEqual([
    ['me', 'benchmark.ended', 'done'],
    ['me', 'benchmark.started', undefined],
    ['me', 'benchmark.ended', 'done'],
    ['me', 'benchmark.started', undefined],
  ]);
});

it('writes down that one failed, and ends those that run when it is closed', async () => {
  await expect(benchmarks.run({ ...REQUEST, tool: 'other' }, { by: 'me' })).rejects.toThrow('do not allow');
  expect(await auditLines()).toEqual([]);
  const told: string[] = [];
  const running = benchmarks.run(
    { ...REQUEST, durationMs: 600_000 },
    { by: 'me', onProgress: ({ doing }) => void told.push(doing) },
  );
  await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(1);
  await benchmarks.close();
  expect((await running).endedBecause).toBe('it was interrupted');
  expect((await auditLines())[0]!.details.outcome).toBe('ended early');
});

it('forgets the oldest of many baselines, and none of another load', async () => {
  const kept = new KeptRuns(filled.store);
  const baseline = { target: 't', tool: 'x', mode: 'open', callers: null, offeredPerSecond: 1, baseline: '' } as const;
  const at = (i: number) => new Date(1_000 * i).toISOString();
  await kept.saveBaseline({ ...baseline, profile: 'heavy', name: 'other', measuredAt: at(0) });
  for (let i = 0; i < 25; i++)
    await kept.saveBaseline({ ...baseline, profile: 'light', name: `v${i}`, measuredAt: at(i) });
  const names = (await kept.baselines({ ...baseline, profile: 'light' })).map(({ name }) => name);
  expect(names).toEqual(Array.from({ length: 20 }, (_, i) => `v${24 - i}`));
  expect((await kept.baselines()).map(({ name }) => name)).toContain('other');
});
