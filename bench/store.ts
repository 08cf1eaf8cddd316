/** What the store takes in, what it takes on disk, and how fast it answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, OutcomeCounts, Window } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { type Clock, systemClock } from '../packages/collector/src/clock.ts';
import { configSchema } from '../packages/collector/src/config/schema.ts';
import { HOUR_MS, MINUTE_MS } from '../packages/collector/src/model/rollup.ts';
import { openSqliteStore } from '../packages/collector/src/store/sqlite/sqliteStore.ts';
import type { IncomingBatch, Store } from '../packages/collector/src/store/store.ts';
import { type BenchResult, runWhenMain } from './result.ts';

const SERVERS = 14;
const TOOLS_PER_SERVER = 20;
const CALLS_PER_MINUTE = 20;
const MINUTES = 24 * 60;
const START_MS = Date.UTC(2025, 9, 31);
/** A query seldom falls on the hour. */
const NOW_MS = START_MS + 24 * HOUR_MS + 17 * MINUTE_MS;

const INGEST_BATCHES = 2_000;
const WINDOWS_PER_BATCH = 100;
const SAMPLES_PER_WINDOW = 10;
/** Requests that are under way at once. */
const INGEST_CONCURRENCY = 16;

export async function run(): Promise<BenchResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-bench-store-'));
  try {
    const ingest = await measureIngest(join(dataDir, 'ingest'));
    const day = await measureDay(join(dataDir, 'day'));
    return {
      name: 'store',
      question: 'How much does the store take in, how much room does a day take, and how fast are queries over it?',
      rows: [ingest.row, ...day.rows],
      targets: [
        {
          target: 'more than 1,000,000 samples/s, durable, 10 to a window',
          value: `${Math.round(ingest.samplesPerSecond)}`,
          met: ingest.samplesPerSecond > 1_000_000,
        },
        ...day.targets,
      ],
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureIngest(dataDir: string) {
  const store = await openStore(dataDir, systemClock);
  const startMs = Date.now();
  const batches = Array.from({ length: INGEST_BATCHES }, (_, i) => ingestBatch(i, startMs));
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < batches.length) await store.append(batches[next++]!);
  };
  await Promise.all(Array.from({ length: INGEST_CONCURRENCY }, lane));
  const seconds = (performance.now() - began) / 1000;
  await store.close();
  const windows = INGEST_BATCHES * WINDOWS_PER_BATCH;
  const samplesPerSecond = (windows * SAMPLES_PER_WINDOW) / seconds;
  return {
    samplesPerSecond,
    row: { what: 'append, microseconds per window', first: '', p50: round((1e6 * seconds) / windows), p95: '' },
  };
}

async function measureDay(dataDir: string) {
  const clock = { ...systemClock, timeMs: START_MS, nowMs: () => clock.timeMs };
  const store = await openStore(dataDir, clock);
  await fillDay(store, clock);
  const megabytes = (await store.stats()).databaseBytes / 1_048_576;
  const day = { fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS };
  const hour = { fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS };
  const one = { server: 'server-3', name: 'tool-7' };
  const measured = [
    await measure('one tool, 24 h, quantiles', 10, () =>
      store.readRollups({ ...day, scope: 'series', filter: one, digests: true }),
    ),
    await measure('every tool, 24 h, quantiles', 100, () =>
      store.readRollups({ ...day, scope: 'series', filter: {}, digests: true }),
    ),
    await measure('every tool, 24 h, by hour, quantiles', 100, () =>
      store.readRollups({ ...day, scope: 'series', filter: {}, digests: true, groupBy: 'hour' }),
    ),
    await measure('every tool, 24 h, no quantiles', 100, () =>
      store.readRollups({ ...day, scope: 'series', filter: {}, digests: false }),
    ),
    await measure('servers and everything, last hour', 3, async () => {
      await store.readRollups({ ...hour, scope: 'server', filter: {}, digests: false });
      await store.readRollups({ ...hour, scope: 'all', filter: {}, digests: true });
    }),
    await measure('minutes of every tool, 24 h', 200, () => store.readMinutes(day, {})),
    await measure('minutes of one tool, 24 h', 10, () => store.readMinutes(day, one)),
  ];
  await store.close();
  return {
    rows: [
      { what: '24 h of 280 series on disk, MB', first: '', p50: round(megabytes), p95: '' },
      ...measured.map(({ row }) => row),
    ],
    targets: [
      {
        target: '24 h of 280 series at 20 calls a minute under 100 MB',
        value: `${round(megabytes)} MB`,
        met: megabytes < 100,
      },
      ...measured.map(({ target }) => target),
    ],
  };
}

async function measure(what: string, maxMs: number, ask: () => Promise<unknown>) {
  const times: number[] = [];
  let first = 0;
  for (let i = 0; i < 25; i++) {
    const began = performance.now();
    await ask();
    const tookMs = performance.now() - began;
    if (i === 0) first = round(tookMs);
    if (i >= 5) times.push(tookMs);
  }
  times.sort((a, b) => a - b);
  const p50 = round(times[Math.floor(times.length * 0.5)]!);
  const p95 = round(times[Math.floor(times.length * 0.95)]!);
  return {
    row: { what: `${what}, ms`, first, p50, p95 },
    target: { target: `${what}: p95 under ${maxMs} ms`, value: `${p95} ms`, met: p95 < maxMs },
  };
}

async function fillDay(store: Store, clock: { timeMs: number }): Promise<void> {
  for (let minute = 0; minute <= MINUTES + 17; minute++) {
    const endMs = START_MS + minute * MINUTE_MS + 30_000;
    clock.timeMs = Math.min(NOW_MS, endMs);
    await Promise.all(
      Array.from({ length: SERVERS }, (_, server) => store.append(minuteBatch(server, minute + 1, endMs))),
    );
    await store.closeMinutes(clock.timeMs);
    if (minute % 60 === 1) await store.rollUp(clock.timeMs);
  }
  clock.timeMs = NOW_MS;
}

function minuteBatch(server: number, seq: number, endMs: number): IncomingBatch {
  const windows = Array.from({ length: TOOLS_PER_SERVER }, (_, tool) =>
    windowOf(`tool-${tool}`, endMs, CALLS_PER_MINUTE),
  );
  const resources = [
    { atMs: endMs, cpuPercent: 3, memoryMb: 80, memoryPercent: 1, diskIoKb: 5, eventLoopDelayMs: 0.1 },
  ];
  return incoming({ ...emptyBatch(`server-${server}`, seq), windows, resources }, endMs);
}

function ingestBatch(index: number, endMs: number): IncomingBatch {
  const windows = Array.from({ length: WINDOWS_PER_BATCH }, (_, tool) =>
    windowOf(`tool-${tool}`, endMs, SAMPLES_PER_WINDOW),
  );
  return incoming({ ...emptyBatch(`server-${index % 10}`, 1 + Math.floor(index / 10)), windows }, endMs);
}

function emptyBatch(name: string, seq: number): Batch {
  return {
    v: 1,
    instance: name,
    seq,
    process: { host: 'bench', pid: 1, runtime: 'node', sdk: 'bench' },
    servers: [{ name, version: '1.0.0' }],
    windows: [],
    resources: [],
    inFlight: [],
    dropped: {},
  };
}

function incoming(batch: Batch, receivedAtMs: number): IncomingBatch {
  return { batch, body: encodeBatch(batch), receivedAtMs, skewMs: 0 };
}

/** Lognormal durations around 50 ms, from a generator with a fixed start: every run measures the same data. */
function windowOf(name: string, endMs: number, samples: number): Window {
  const durations = Float64Array.from(
    { length: samples },
    () => Math.round(50_000 * Math.exp(normal() * 0.8)) / 1000,
  ).sort();
  const outcomes: OutcomeCounts = [samples, 0, 0, 0, 0, 0, 0];
  return { server: 0, kind: 'tool', name, startMs: endMs - 1000, endMs, outcomes, digest: Digest.ofSorted(durations) };
}

let state = 42;
function uniform(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 4294967296;
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function openStore(dataDir: string, clock: Clock): Promise<Store> {
  return openSqliteStore({ dataDir, clock, config: configSchema.parse({ dataDir }), ballastBytes: 0 });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await runWhenMain(import.meta.url, run);
