/** Detection on a real store: what is asked, what is cached, and a background job that looks at each minute once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Digest } from '@mcp-vitals/sketch';
import type { Batch } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import type { DetectionRequest } from '../serve/ports/detection.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';
import { createDetection, type DetectionService } from './service.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2025-10-31T13:00:00Z');
const LAST_HOUR: DetectionRequest = {
  server: undefined,
  tool: undefined,
  kind: 'tool',
  lookbackMs: HOUR,
  method: 'z-score',
  sensitivity: 'medium',
};

let dataDir: string;
let store: Store;
let detection: DetectionService;
let nowMs: number;
let monotonicMs: number;
let seq: number;
let reads: number;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-detect-'));
  [nowMs, monotonicMs, seq, reads] = [START, 1, 0, 0];
  const config = configSchema.parse({ dataDir, detection: { method: 'z-score' } });
  const clock = {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    every: () => () => undefined,
    after: () => () => undefined,
  };
  store = await openSqliteStore({ dataDir, config, clock, ballastBytes: 0 });
  const counted = with_(store, {
    readMinutes: (...query) => {
      reads += 1;
      return store.readMinutes(...query);
    },
  });
  detection = createDetection({ store: counted, clock, config });
});

afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

/** The store, with some of what it does replaced. */
function with_(real: Store, replaced: Partial<Store>): Store {
  return new Proxy(real, {
    get: (target, name) => {
      const own = Reflect.get(replaced, name) ?? Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

function pass(ms: number): void {
  nowMs += ms;
  monotonicMs += Math.max(0, ms);
}

/** A minute of calls of two tools of a server, half a minute before now. */
async function minute(meanMs: number, server = 'shop'): Promise<void> {
  seq += 1;
  const endMs = nowMs - MINUTE / 2;
  const windows: Batch['windows'] = [meanMs, 100].map((durationMs, i) => ({
    server: 0,
    kind: 'tool',
    name: i === 0 ? 'search' : 'order',
    startMs: endMs - 1000,
    endMs,
    outcomes: [10, 0, 0, 0, 0, 0, 0],
    digest: Digest.ofSorted(new Float64Array(10).fill(durationMs)),
  }));
  const resources = [
    { atMs: endMs, cpuPercent: 20, memoryMb: 100, memoryPercent: 5, diskIoKb: 0, eventLoopDelayMs: 1 },
  ];
  const process = { host: 'h', pid: 1, runtime: 'node', sdk: 'test' };
  const servers = [{ name: server, version: '1' }];
  const batch: Batch = { v: 1, instance: 'i', seq, process, servers, windows, resources, inFlight: [], dropped: {} };
  await store.append({ batch, body: encodeBatch(batch), receivedAtMs: nowMs, skewMs: 0 });
}

async function minutes(n: number, meanMs: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    pass(MINUTE);
    await minute(meanMs + (i % 5));
  }
}

it('finds a slow minute in what is stored', async () => {
  await minutes(40, 200);
  await minutes(1, 3000);
  await minutes(3, 200);
  const found = await detection.detect(LAST_HOUR);
  expect(found).toMatchObject([
    { server: 'shop', tool: 'search', type: 'response_time_spike', severity: 'critical', currentValue: 3000 },
  ]);
  expect(found[0]!.atMs).toBe(START + 40 * MINUTE);
  expect(found[0]!.recommendations.join(' ')).toContain('The process was as usual (CPU 20 %');
});

it('looks no further back than asked', async () => {
  await minutes(40, 200);
  await minutes(1, 3000);
  await minutes(70, 200);
  expect(await detection.detect(LAST_HOUR)).toEqual([]);
  expect(await detection.detect({ ...LAST_HOUR, lookbackMs: 6 * HOUR })).toHaveLength(1);
});

it('answers newest first', async () => {
  await minutes(40, 200);
  await minutes(1, 3000);
  await minutes(5, 200);
  await minutes(1, 4000);
  const found = await detection.detect({ ...LAST_HOUR, method: 'percentile' });
  expect(found.map(({ currentValue }) => currentValue)).toEqual([4000, 3000]);
});

it('filters by server and tool', async () => {
  await minutes(40, 200);
  await minutes(1, 3000);
  const found = async (filter: Partial<DetectionRequest>) =>
    (await detection.detect({ ...LAST_HOUR, ...filter })).length;
  expect(await found({ server: 'shop', tool: 'search' })).toBe(1);
  expect(await found({ tool: 'order' })).toBe(0);
  expect(await found({ server: 'elsewhere' })).toBe(0);
});

it('finds nothing in an empty store', async () => {
  for (const method of ['z-score', 'moving-avg', 'percentile'] as const) {
    expect(await detection.detect({ ...LAST_HOUR, method })).toEqual([]);
  }
  expect(await detection.runInBackground()).toEqual([]);
});

it('reuses an answer for five minutes, or until the cache is cleared', async () => {
  const ask = () => detection.detect(LAST_HOUR);
  await Promise.all([ask(), ask()]);
  pass(5 * MINUTE - 1);
  await ask();
  expect(reads).toBe(1);
  await detection.detect({ ...LAST_HOUR, sensitivity: 'high' });
  expect(reads).toBe(2);
  pass(2);
  await ask();
  expect(reads).toBe(3);
  detection.clearCache();
  await ask();
  expect(reads).toBe(4);
});

it('answers who waits while the cache is cleared', async () => {
  await minutes(40, 200);
  await minutes(1, 3000);
  const answer = detection.detect(LAST_HOUR);
  detection.clearCache();
  expect(await answer).toHaveLength(1);
});

it('judges each closed minute once in the background, and saves what it finds', async () => {
  await minutes(60, 200);
  expect(await detection.runInBackground()).toEqual([]);
  await minutes(1, 3000);
  // The minute of the spike has ended only half a minute ago by the time the next one is half over.
  await minutes(1, 200);
  const found = await detection.runInBackground();
  expect(found.map(({ atMs }) => atMs)).toEqual([START + 60 * MINUTE]);
  await minutes(5, 200);
  expect(await detection.runInBackground()).toEqual([]);
  expect(await store.readAnomalies({ fromMs: START, toMs: nowMs }, {})).toEqual(found);
});

it('does not judge a minute that may still grow', async () => {
  await minutes(60, 200);
  await minutes(1, 3000);
  pass(-MINUTE / 2);
  expect(await detection.runInBackground()).toEqual([]);
  pass(MINUTE);
  expect(await detection.runInBackground()).toHaveLength(1);
});

it('shares a run that is under way', async () => {
  const first = detection.runInBackground();
  expect(detection.runInBackground()).toBe(first);
  await first;
  expect(detection.runInBackground()).not.toBe(first);
});

it('goes on after the clock went back', async () => {
  await minutes(60, 200);
  await detection.runInBackground();
  pass(-30 * MINUTE);
  await detection.runInBackground();
  await minutes(2, 3000);
  await minutes(2, 200);
  expect((await detection.runInBackground()).length).toBeGreaterThan(0);
});

it('takes the minutes of a failed run over', async () => {
  await minutes(60, 200);
  await minutes(1, 3000);
  await minutes(1, 200);
  const failing = createDetection({
    store: with_(store, {
      saveAnomalies: (anomalies) =>
        seq++ === 62 ? Promise.reject(new Error('disk full')) : store.saveAnomalies(anomalies),
    }),
    clock: { nowMs: () => nowMs, monotonicMs: () => monotonicMs },
    config: configSchema.parse({ dataDir, detection: { method: 'z-score' } }),
  });
  await expect(failing.runInBackground()).rejects.toThrow('disk full');
  expect(await failing.runInBackground()).toHaveLength(1);
});
