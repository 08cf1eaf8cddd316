import { afterEach, beforeEach, expect, it } from 'vitest';
import { MINUTE_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore, testResources } from '../testing/filledStore.ts';
import { StoreEvaluator } from './storeEvaluator.ts';
import { ThresholdBook, thresholdIdOf } from './thresholds.ts';

const NOW_MS = Date.UTC(2026, 0, 6, 7);

let filled: FilledStore;
let book: ThresholdBook;
let evaluator: StoreEvaluator;

beforeEach(async () => {
  filled = await openFilledStore(NOW_MS);
  book = new ThresholdBook();
  evaluator = new StoreEvaluator(book, { evaluationMinutes: 5, minCalls: 10 }, filled.store);
});
afterEach(() => filled.close());

const calls = (tool: string, durationMs: number, count: number, failures: number, minutesAgo = 1) =>
  filled.record([
    {
      server: 'shop',
      tool,
      atMs: filled.clock.nowMs() - minutesAgo * MINUTE_MS,
      durationsMs: new Array<number>(count).fill(durationMs),
      failures,
    },
  ]);

it('says what is slow or fails within the span, and how badly', async () => {
  await calls('slow', 700, 20, 0);
  await calls('slower', 3_000, 20, 0);
  await calls('failing', 5, 20, 2);
  await calls('fine', 5, 20, 0);
  await calls('seldom', 9_000, 9, 9);
  await calls('long_ago', 9_000, 20, 20, 6);
  const found = (await evaluator.tick(NOW_MS)).map(({ tool, metric, severity, value }) => [
    tool,
    metric,
    severity,
    value,
  ]);
  expect(found.sort()).toEqual([
    ['failing', 'error_rate', 'critical', 10],
    ['slow', 'response_time', 'warning', 700],
    ['slower', 'response_time', 'critical', 3_000],
  ]);
});

it('goes by the limits in force', async () => {
  await calls('slow', 700, 20, 0);
  const limit = { server: 'shop', tool: 'slow', metric: 'response_time', severity: 'warning' } as const;
  book.set({ ...limit, thresholdId: thresholdIdOf(limit), threshold: 800, enabled: true });
  expect(await evaluator.tick(NOW_MS)).toEqual([]);
});

it('takes a burst of what a process uses for no state', async () => {
  const use = (minutesAgo: number) =>
    filled.record([{ server: 'shop', tool: 'read', atMs: NOW_MS - minutesAgo * MINUTE_MS, durationsMs: [5] }], {
      resources: [testResources(NOW_MS - minutesAgo * MINUTE_MS + 1, { cpuPercent: 95 })],
    });
  await use(1);
  await use(2);
  expect(await evaluator.tick(NOW_MS)).toEqual([]);
  await use(3);
  expect(await evaluator.tick(NOW_MS)).toEqual([
    { server: 'shop', tool: '', metric: 'cpu', severity: 'critical', value: 95 },
  ]);
});
