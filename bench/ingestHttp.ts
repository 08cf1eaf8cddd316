/**
 * Ingest over HTTP beside VictoriaMetrics' import, in the same run on the same machine: the same sender in a process of
 * its own, the same connections and rows a request. Ours answers when the samples are on the disk; VictoriaMetrics
 * acknowledges from memory, so its time is also taken until queries see the samples (`/internal/force_flush`), and until
 * they are in files as well, which it does before a snapshot. Its own counter has to say that it took all of them.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, encodeBatch, type Window } from '@mcp-vitals/wire/encode';
import { type BenchResult, runWhenMain } from './result.ts';
import { startCollectorProcess, temporaryDirectory } from './support/collectorProcess.ts';
import { post } from './support/poster.ts';

const WINDOWS_PER_BATCH = 100;
const SAMPLES_PER_WINDOW = 10;
const BATCHES = 4_000;
/** Instances that take turns; also the greater number of connections. */
const SENDERS = 16;
const SERIES = 280;
const CONNECTIONS = [1, SENDERS] as const;
const SAMPLES = BATCHES * WINDOWS_PER_BATCH * SAMPLES_PER_WINDOW;
const ROUNDS = 3;

/** Durations as tools have them: lognormal around 20 ms, from a generator that repeats. */
function createDurations(): () => number {
  let state = 42;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return () => 20 * Math.exp(Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

function ourBodies(round: number): Uint8Array[] {
  const duration = createDurations();
  const endMs = Date.now();
  return Array.from({ length: BATCHES }, (_, number) => {
    const windows = Array.from({ length: WINDOWS_PER_BATCH }, (_, index): Window => {
      const series = (number * WINDOWS_PER_BATCH + index) % SERIES;
      return {
        server: 0,
        kind: 'tool',
        name: `tool_${series}`,
        startMs: endMs - 1_000,
        endMs,
        outcomes: [SAMPLES_PER_WINDOW, 0, 0, 0, 0, 0, 0],
        digest: Digest.ofSorted(Float64Array.from({ length: SAMPLES_PER_WINDOW }, duration).sort()),
      };
    });
    return encodeBatch({
      v: 1,
      instance: `bench-${round}-${number % SENDERS}`,
      seq: Math.floor(number / SENDERS) + 1,
      process: { host: 'bench', pid: process.pid, runtime: 'node', sdk: 'bench 1.0.0' },
      servers: [{ name: 'bench', version: '1.0.0' }],
      windows,
      resources: [],
      inFlight: [],
      dropped: {},
    });
  });
}

function victoriaBodies(): Uint8Array[] {
  const duration = createDurations();
  const endMs = Date.now();
  return Array.from({ length: BATCHES }, (_, number) => {
    const rows = Array.from({ length: WINDOWS_PER_BATCH }, (_, index) => {
      const row = number * WINDOWS_PER_BATCH + index;
      const atMs = endMs - 86_400_000 + Math.floor(row / SERIES) * 1_000;
      return JSON.stringify({
        metric: { __name__: 'duration_ms', server: 'bench', tool: `tool_${row % SERIES}` },
        values: Array.from({ length: SAMPLES_PER_WINDOW }, () => Math.round(duration() * 1_000) / 1_000),
        timestamps: Array.from({ length: SAMPLES_PER_WINDOW }, (_, sample) => atMs + sample * 100),
      });
    });
    return Buffer.from(`${rows.join('\n')}\n`);
  });
}

const samplesPerSecond = (elapsedMs: number) => Math.round((1_000 * SAMPLES) / elapsedMs);

async function ingestOurs(round: number, connections: number): Promise<number> {
  const collector = await startCollectorProcess();
  try {
    const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
    return await post({ url: collector.url, path: '/v1/batches', headers, bodies: ourBodies(round), connections });
  } finally {
    await collector.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if (
      await fetch(`${url}/health`).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('VictoriaMetrics did not start');
}

/** Milliseconds from the first request until all samples are acknowledged, until queries see them, until they are in files. */
interface VictoriaTimes {
  acknowledgedMs: number;
  visibleMs: number;
  onDiskMs: number;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

async function checkImported(url: string): Promise<void> {
  const metrics = await fetchText(`${url}/metrics`);
  const imported = Number(/^vm_rows_inserted_total\{type="vmimport"\} (\S+)$/m.exec(metrics)?.[1]);
  if (imported !== SAMPLES) throw new Error(`VictoriaMetrics imported ${imported} of ${SAMPLES} samples`);
}

async function ingestVictoria(connections: number): Promise<VictoriaTimes> {
  const directory = temporaryDirectory();
  const port = await freePort();
  const flags = [`-storageDataPath=${directory}`, `-httpListenAddr=127.0.0.1:${port}`, '-retentionPeriod=12'];
  const child = spawn('victoria-metrics', flags, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(url, child);
    const acknowledgedMs = await post({
      url,
      path: '/api/v1/import',
      headers: {},
      bodies: victoriaBodies(),
      connections,
    });
    const startedMs = performance.now();
    await fetchText(`${url}/internal/force_flush`);
    const visibleMs = acknowledgedMs + performance.now() - startedMs;
    await fetchText(`${url}/snapshot/create`);
    const onDiskMs = acknowledgedMs + performance.now() - startedMs;
    await checkImported(url);
    return { acknowledgedMs, visibleMs, onDiskMs };
  } finally {
    child.kill('SIGKILL');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What VictoriaMetrics managed at best, each figure for itself. */
async function bestOfVictoria(connections: number): Promise<VictoriaTimes> {
  const best: VictoriaTimes = { acknowledgedMs: Infinity, visibleMs: Infinity, onDiskMs: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    const times = await ingestVictoria(connections);
    for (const key of Object.keys(best) as (keyof VictoriaTimes)[]) best[key] = Math.min(best[key], times[key]);
  }
  return best;
}

async function bestOfOurs(connections: number): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) least = Math.min(least, await ingestOurs(round, connections));
  return least;
}

function row(receiver: string, connections: number, elapsedMs: number): BenchResult['rows'][number] {
  return {
    receiver,
    'rows per request': WINDOWS_PER_BATCH,
    connections,
    'samples/s': samplesPerSecond(elapsedMs),
  };
}

export async function run(): Promise<BenchResult> {
  const question = 'How many samples a second are durable when acknowledged over HTTP, at 10 samples a window?';
  const installed = !spawnSync('victoria-metrics', ['-version']).error;
  const rows: BenchResult['rows'] = [];
  let ours = Infinity;
  let theirs = Infinity;
  for (const connections of CONNECTIONS) {
    const elapsedMs = await bestOfOurs(connections);
    rows.push(row('mcp-vitals, on disk', connections, elapsedMs));
    ours = Math.min(ours, elapsedMs);
    if (!installed) continue;
    const victoria = await bestOfVictoria(connections);
    rows.push(row('VictoriaMetrics, acknowledged from memory', connections, victoria.acknowledgedMs));
    rows.push(row('VictoriaMetrics, visible to queries', connections, victoria.visibleMs));
    rows.push(row('VictoriaMetrics, on disk', connections, victoria.onDiskMs));
    theirs = Math.min(theirs, victoria.onDiskMs);
  }
  const target = {
    target: 'more samples/s on disk than VictoriaMetrics import',
    value: `${(theirs / ours).toFixed(2)} times as many`,
    met: ours < theirs,
  };
  return { name: 'ingestHttp', question, rows, targets: installed ? [target] : [] };
}

await runWhenMain(import.meta.url, run);
