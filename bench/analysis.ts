/**
 * Do analyses delay acknowledgements? A collector with a day of 280 series takes batches at an even rate while it is asked, over
 * and over, what makes all of its servers slow; compared, turn by turn, with nobody asking.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Window } from '@mcp-vitals/wire/decode';
import { BATCH_CONTENT_TYPE, encodeBatch } from '@mcp-vitals/wire/encode';
import type { BenchResult } from './result.ts';
import { runWhenMain } from './result.ts';
import { type CollectorProcess, startCollectorProcess, WITHOUT_LIMITS } from './support/collectorProcess.ts';
import { quantile } from './support/quantile.ts';

const SERVERS = 28;
const TOOLS = 10;
/** Seconds that are sent before, so that there is something to analyse. */
const HISTORY_SECONDS = 600;
const ROUNDS = 4;
const BATCHES_PER_ROUND = 1_000;
const PAUSE_MS = 5;
const MAX_DELAY_MS = 20;

function windowsAt(endMs: number): Window[] {
  return Array.from({ length: TOOLS }, (_, tool) => ({
    server: 0,
    kind: 'tool',
    name: `tool_${tool}`,
    startMs: endMs - 1_000,
    endMs,
    outcomes: [5, 0, 0, 0, 0, 0, 0],
    digest: Digest.ofSorted(Float64Array.of(10, 11, 12, 13, 50)),
  }));
}

class Senders {
  readonly #seqs = new Array<number>(SERVERS).fill(0);

  /** The next batch of a server, with so many seconds of windows. */
  bodyOf(server: number, seconds: number, nowMs: number): Uint8Array {
    const ends = Array.from({ length: seconds }, (_, i) => nowMs - (seconds - i) * 1_000);
    return encodeBatch({
      v: 1,
      instance: `bench-${server}`,
      seq: ++this.#seqs[server]!,
      process: { host: 'bench', pid: server + 1, runtime: 'node', sdk: 'bench' },
      servers: [{ name: `server_${server}`, version: '1.0.0' }],
      windows: ends.flatMap(windowsAt),
      resources: ends.map((atMs) => {
        return { atMs, cpuPercent: 20, memoryMb: 100, memoryPercent: 1, diskIoKb: 0, eventLoopDelayMs: 1 };
      }),
      inFlight: [],
      dropped: {},
    });
  }
}

async function send({ url, token }: CollectorProcess, body: Uint8Array): Promise<void> {
  const headers = { authorization: `Bearer ${token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
  const response = await fetch(`${url}/v1/batches`, { method: 'POST', headers, body: Buffer.from(body) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

/** @returns how long it took, milliseconds */
async function analyse({ url, token }: CollectorProcess, timeRange: string): Promise<number> {
  const startMs = performance.now();
  const response = await fetch(`${url}/api/v1/tools/analyze_bottlenecks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token('read')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ timeRange }),
  });
  const { isError, content } = (await response.json()) as { isError?: boolean; content: unknown };
  if (!response.ok || isError) throw new Error(JSON.stringify(content));
  return performance.now() - startMs;
}

/** Durations of acknowledgements, ascending. */
async function acknowledgements(collector: CollectorProcess, senders: Senders): Promise<number[]> {
  const durations: number[] = [];
  for (let i = 0; i < BATCHES_PER_ROUND; i++) {
    const body = senders.bodyOf(i % SERVERS, 1, Date.now());
    const startMs = performance.now();
    await send(collector, body);
    durations.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return durations;
}

/** The same while one analysis follows the other. */
async function whileAnalysing(collector: CollectorProcess, senders: Senders, analyses: number[]): Promise<number[]> {
  let isOver = false;
  const analysing = (async () => {
    while (!isOver) analyses.push(await analyse(collector, analyses.length % 2 === 0 ? 'last_hour' : 'last_day'));
  })();
  const durations = await acknowledgements(collector, senders);
  isOver = true;
  await analysing;
  return durations;
}

const p99 = (durations: readonly number[]) =>
  quantile(
    [...durations].sort((a, b) => a - b),
    0.99,
  );
const rounded = (ms: number) => Math.round(ms * 100) / 100;

export async function run(): Promise<BenchResult> {
  const collector = await startCollectorProcess(WITHOUT_LIMITS);
  try {
    const senders = new Senders();
    for (let server = 0; server < SERVERS; server++) {
      await send(collector, senders.bodyOf(server, HISTORY_SECONDS, Date.now()));
    }
    const [alone, beside, analyses]: number[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      alone!.push(...(await acknowledgements(collector, senders)));
      beside!.push(...(await whileAnalysing(collector, senders, analyses!)));
    }
    const added = p99(beside!) - p99(alone!);
    const row = (what: string, durations: readonly number[]) => {
      const sorted = [...durations].sort((a, b) => a - b);
      const [p50, most] = [rounded(quantile(sorted, 0.5)), rounded(sorted.at(-1)!)];
      return { what, count: durations.length, 'p50 ms': p50, 'p99 ms': rounded(p99(durations)), 'max ms': most };
    };
    return {
      name: 'analysis',
      question: `Do analyses of ${SERVERS} servers with ${TOOLS} tools each delay acknowledgements?`,
      rows: [
        row('acknowledgements, nobody analyses', alone!),
        row('acknowledgements, one analysis after the other', beside!),
        row('analyses', analyses!),
      ],
      targets: [
        {
          target: `the p99 of acknowledgements is at most ${MAX_DELAY_MS} ms later`,
          value: `${rounded(added)} ms`,
          met: added <= MAX_DELAY_MS,
        },
      ],
    };
  } finally {
    await collector.stop();
  }
}

await runWhenMain(import.meta.url, run);
