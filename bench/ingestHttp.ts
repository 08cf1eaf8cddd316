/**
 * Ingest over HTTP beside VictoriaMetrics' import, in the same run on the same machine: series of 10 samples, several
 * connections, a sender in a process of its own. Ours answers when the samples are on the disk; VictoriaMetrics
 * acknowledges from memory. It is given the size of request that suits it best of those tried.
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
/** Connections of the sender; ours waits for the disk, so it is asked by several at a time. */
const SENDERS = 16;
const SERIES = 280;
/** Rows a request and connections. */
const VICTORIA_SHAPES = [
  [100, 1],
  [100, SENDERS],
  [1_000, SENDERS],
] as const;
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

function victoriaBodies(rowsPerRequest: number): Uint8Array[] {
  const duration = createDurations();
  const endMs = Date.now();
  const requests = (BATCHES * WINDOWS_PER_BATCH) / rowsPerRequest;
  return Array.from({ length: requests }, (_, number) => {
    const rows = Array.from({ length: rowsPerRequest }, (_, index) => {
      const row = number * rowsPerRequest + index;
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

const samplesPerSecond = (elapsedMs: number) =>
  Math.round((1_000 * BATCHES * WINDOWS_PER_BATCH * SAMPLES_PER_WINDOW) / elapsedMs);

async function ingestOurs(round: number): Promise<number> {
  const collector = await startCollectorProcess();
  try {
    const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
    const bodies = ourBodies(round);
    return samplesPerSecond(
      await post({ url: collector.url, path: '/v1/batches', headers, bodies, connections: SENDERS }),
    );
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

async function ingestVictoria(rowsPerRequest: number, connections: number): Promise<number> {
  const directory = temporaryDirectory();
  const port = await freePort();
  const flags = [`-storageDataPath=${directory}`, `-httpListenAddr=127.0.0.1:${port}`, '-retentionPeriod=12'];
  const child = spawn('victoria-metrics', flags, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(url, child);
    const bodies = victoriaBodies(rowsPerRequest);
    return samplesPerSecond(await post({ url, path: '/api/v1/import', headers: {}, bodies, connections }));
  } finally {
    child.kill('SIGKILL');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  }
}

async function best(measure: (round: number) => Promise<number>): Promise<number> {
  let highest = 0;
  for (let round = 0; round < ROUNDS; round++) highest = Math.max(highest, await measure(round));
  return highest;
}

function row(
  receiver: string,
  rowsPerRequest: number,
  connections: number,
  rate: number | string,
): BenchResult['rows'][number] {
  return { receiver, 'rows per request': rowsPerRequest, connections, 'samples/s': rate };
}

export async function run(): Promise<BenchResult> {
  const ours = await best(ingestOurs);
  const rows = [row('mcp-vitals, on disk', WINDOWS_PER_BATCH, SENDERS, ours)];
  const question = 'How many samples a second are durable when acknowledged over HTTP, at 10 samples a window?';
  if (spawnSync('victoria-metrics', ['-version']).error) {
    return {
      name: 'ingestHttp',
      question,
      rows: [...rows, row('VictoriaMetrics', 0, 0, 'not installed')],
      targets: [],
    };
  }
  let theirs = 0;
  for (const [rowsPerRequest, connections] of VICTORIA_SHAPES) {
    const measured = await best(() => ingestVictoria(rowsPerRequest, connections));
    rows.push(row('VictoriaMetrics, in memory', rowsPerRequest, connections, measured));
    theirs = Math.max(theirs, measured);
  }
  const target = {
    target: 'more samples/s than VictoriaMetrics import',
    value: `${(ours / theirs).toFixed(2)} times as many`,
    met: ours > theirs,
  };
  return { name: 'ingestHttp', question, rows, targets: [target] };
}

await runWhenMain(import.meta.url, run);
