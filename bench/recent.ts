/**
 * What does it cost to keep the last quarter of an hour second by second? 28 servers with 10 tools each that are all called in
 * every second: the memory, what a batch takes to be kept, and what it takes to read it back.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch } from '@mcp-vitals/wire/decode';
import { createRecent, KEPT_MS } from '../packages/collector/src/live/recent.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { quantile } from './support/quantile.ts';

const SERVERS = 28;
const TOOLS = 10;
const SECOND_MS = 1_000;
const START_MS = Date.parse('2026-05-04T12:00:00Z');
const MB = 1_048_576;
const READS = 20;

function batchOf(server: number, endMs: number): Batch {
  const digest = Digest.ofSorted(Float64Array.of(1, 2, 3));
  return {
    v: 1,
    instance: `instance-${server}`,
    seq: 1,
    process: { host: 'bench', pid: 1, runtime: 'node', sdk: 'bench' },
    servers: [{ name: `server-${server}`, version: '1' }],
    windows: Array.from({ length: TOOLS }, (_, tool) => ({
      server: 0,
      kind: 'tool' as const,
      name: `tool-${tool}`,
      startMs: endMs - SECOND_MS,
      endMs,
      outcomes: [3, 0, 0, 0, 0, 0, 0],
      digest,
    })),
    resources: [{ atMs: endMs, cpuPercent: 1, memoryMb: 1, memoryPercent: 1, diskIoKb: 0, eventLoopDelayMs: 0 }],
    inFlight: [],
    dropped: {},
  };
}

export async function run(): Promise<BenchResult> {
  const clock = { timeMs: START_MS, nowMs: () => clock.timeMs };
  const recent = createRecent({ clock, storedName: (name) => name, maxMb: 32 });
  const observeUs: number[] = [];
  for (; clock.timeMs < START_MS + 2 * KEPT_MS; clock.timeMs += SECOND_MS) {
    for (let server = 0; server < SERVERS; server += 1) {
      const batch = batchOf(server, clock.timeMs);
      const startMs = performance.now();
      recent.observe(batch, 0);
      observeUs.push((performance.now() - startMs) * 1_000);
    }
  }
  observeUs.sort((a, b) => a - b);
  const range = { fromMs: clock.timeMs - KEPT_MS, toMs: clock.timeMs };
  const megabytes = recent.bytes() / MB;
  const p99Us = quantile(observeUs, 0.99);
  const oneMs = medianMs(() => recent.windows(range, { server: 'server-0' }));
  const allMs = medianMs(() => recent.windows(range, {}));
  return {
    name: 'recent',
    question: `What does it cost to keep the last 15 minutes second by second? ${SERVERS} servers with ${TOOLS} tools each, all called every second.`,
    rows: [
      {
        windows: String(SERVERS * TOOLS * (KEPT_MS / SECOND_MS)),
        MB: megabytes.toFixed(1),
        'µs per batch, median': quantile(observeUs, 0.5).toFixed(1),
        'µs per batch, p99': p99Us.toFixed(1),
        'ms to read a server': oneMs.toFixed(1),
        'ms to read all': allMs.toFixed(0),
      },
    ],
    targets: [
      { target: 'MB, at most the 32 that are allowed', value: megabytes.toFixed(1), met: megabytes <= 32 },
      { target: 'µs per batch, p99, at most 200', value: p99Us.toFixed(1), met: p99Us <= 200 },
    ],
    notes: ['Reading all of it at once makes an object of each window: who needs that reads it in parts.'],
  };
}

function medianMs(read: () => unknown): number {
  const times = Array.from({ length: READS }, () => {
    const startMs = performance.now();
    read();
    return performance.now() - startMs;
  });
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

await runWhenMain(import.meta.url, run);
