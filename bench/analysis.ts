/**
 * Do analyses delay acknowledgements? A collector with a day of 280 series takes batches at an even rate while one analysis of
 * all its servers follows the other; compared, turn by turn, with nobody asking.
 *
 *     BENCH_ASKED=dashboard npm run bench -- analysis     only what has this in its name
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Window } from '@mcp-vitals/wire/decode';
import { BATCH_CONTENT_TYPE, encodeBatch } from '@mcp-vitals/wire/encode';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import {
  type CollectorProcess,
  type LoopBlock,
  startCollectorProcess,
  temporaryDirectory,
  WITHOUT_LIMITS,
} from './support/collectorProcess.ts';
import { fillDay, SERVERS, serverName, TOOLS_PER_SERVER, toolName } from './support/dayOfCalls.ts';
import { quantile } from './support/quantile.ts';

/** Seconds of windows that are sent before: what is recent is looked at window by window. */
const RECENT_SECONDS = 600;
const ROUNDS = 4;
const BATCHES_PER_ROUND = 250;
const ANALYSES_PER_ROUND = 2;
const PAUSE_MS = 5;
const MAX_DELAY_MS = 20;
const MAX_PIECE_MS = 15;

/** Every answer is made anew. */
const FLAGS = [...WITHOUT_LIMITS, '--set', 'dashboard.cacheSeconds=0'];

type Analysis = (collector: CollectorProcess) => Promise<void>;

const ANALYSES: Readonly<Record<string, Analysis>> = {
  'analyze_bottlenecks, last hour': tool('analyze_bottlenecks', { timeRange: 'last_hour' }),
  'analyze_bottlenecks, last day': tool('analyze_bottlenecks', { timeRange: 'last_day' }),
  analyze_performance_trends: tool('analyze_performance_trends', {}),
  'analyze_performance_trends, html': tool('analyze_performance_trends', { report: 'html' }),
  optimize_resources: tool('optimize_resources', { scope: 'system' }),
  'cost of a day': route('/analysis/cost?minutes=1440'),
  replicas: route('/analysis/replicas'),
  'get_analysis_dashboard, live': tool('get_analysis_dashboard', { refreshInterval: 5 }),
  'get_analysis_dashboard, detailed, hour': tool('get_analysis_dashboard', { type: 'detailed', range: 'hour' }),
  'get_analysis_dashboard, detailed, day, html': tool('get_analysis_dashboard', {
    ...{ type: 'detailed', range: 'day', format: 'html' },
  }),
};

function tool(name: string, args: object): Analysis {
  return async ({ url, token }) => {
    const response = await fetch(`${url}/api/v1/tools/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token('read')}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    const { isError, content } = (await response.json()) as { isError?: boolean; content: unknown };
    if (!response.ok || isError) throw new Error(JSON.stringify(content));
  };
}

function route(path: string): Analysis {
  return async ({ url, token }) => {
    const response = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token('read')}` } });
    const body = await response.text();
    if (!response.ok) throw new Error(body);
  };
}

function windowsAt(endMs: number): Window[] {
  return Array.from({ length: TOOLS_PER_SERVER }, (_, index) => ({
    server: 0,
    kind: 'tool',
    name: toolName(index),
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
      servers: [{ name: serverName(server), version: '1.0.0' }],
      windows: ends.flatMap(windowsAt),
      resources: ends.map((atMs) => {
        return { atMs, cpuPercent: 20, memoryMb: 100, memoryPercent: 1, diskIoKb: 0, eventLoopDelayMs: 1 };
      }),
      inFlight: [],
      dropped: {},
    });
  }
}

const asked = Object.entries(ANALYSES).filter(([name]) => name.includes(process.env.BENCH_ASKED ?? ''));

async function send({ url, token }: CollectorProcess, body: Uint8Array): Promise<void> {
  const headers = { authorization: `Bearer ${token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
  const response = await fetch(`${url}/v1/batches`, { method: 'POST', headers, body: Buffer.from(body) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

/** What was measured in one state of the collector; all in milliseconds. */
interface Measured {
  /** By round. */
  acknowledgements: number[][];
  analyses: number[];
  longestBlocks: LoopBlock[];
}

const nothing = (): Measured => ({ acknowledgements: [], analyses: [], longestBlocks: [] });

/** Sends batches, as many as a round has at least, until `isOver` besides. */
async function sendRound(
  collector: CollectorProcess,
  senders: Senders,
  measured: Measured,
  isOver = () => true,
): Promise<void> {
  await collector.longestBlock();
  const waitedMs: number[] = [];
  measured.acknowledgements.push(waitedMs);
  for (let i = 0; i < BATCHES_PER_ROUND || !isOver(); i++) {
    const body = senders.bodyOf(i % SERVERS, 1, Date.now());
    const startMs = performance.now();
    await send(collector, body);
    waitedMs.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  measured.longestBlocks.push(await collector.longestBlock());
}

/** The same while one analysis follows the other. */
async function analyseRound(
  collector: CollectorProcess,
  senders: Senders,
  measured: Measured,
  analyse: Analysis,
): Promise<void> {
  let done = 0;
  let isSent = false;
  const analysing = (async () => {
    while (!isSent) {
      const startMs = performance.now();
      await analyse(collector);
      measured.analyses.push(performance.now() - startMs);
      done += 1;
    }
  })();
  await sendRound(collector, senders, measured, () => done >= ANALYSES_PER_ROUND);
  isSent = true;
  await analysing;
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;
const most = (values: readonly number[]) => Math.max(...values);
/** Median over rounds: in some of them the machine stands still for a while, whoever asks. */
const p99 = ({ acknowledgements }: Measured) =>
  quantile(
    acknowledgements.map((round) => quantile(round, 0.99)),
    0.5,
  );
const longest = ({ acknowledgements }: Measured) => quantile(acknowledgements.map(most), 0.5);

/** Median over rounds: what the collector does once a minute, whoever asks, falls into some of them. */
const longestPiece = ({ longestBlocks }: Measured) =>
  quantile(
    longestBlocks.map(({ processorMs }) => processorMs),
    0.5,
  );

function rowOf(what: string, measured: Measured): Record<string, string | number> {
  const { analyses, longestBlocks } = measured;
  const acknowledgements = measured.acknowledgements.flat();
  return {
    'while asked': what,
    'an analysis, median ms': analyses.length === 0 ? '-' : Math.round(quantile(analyses, 0.5)),
    acknowledgements: acknowledgements.length,
    'p50 ms': rounded(quantile(acknowledgements, 0.5)),
    'p99 ms': rounded(quantile(acknowledgements, 0.99)),
    'p99 of a round, median ms': rounded(p99(measured)),
    'max ms': rounded(most(acknowledgements)),
    'max of a round, median ms': rounded(longest(measured)),
    'longest block, ms': rounded(most(longestBlocks.map(({ wallMs }) => wallMs))),
    'longest work, median processor ms': rounded(longestPiece(measured)),
  };
}

function targetsOf(alone: Measured, beside: ReadonlyMap<string, Measured>): Target[] {
  const worst = (of: (measured: Measured) => number): [string, number] =>
    [...beside]
      .map(([name, measured]): [string, number] => [name, of(measured) - of(alone)])
      .sort((a, b) => b[1] - a[1])[0]!;
  const target = (what: string, [name, addedMs]: [string, number]): Target => ({
    target: `the ${what} of acknowledgements is at most ${MAX_DELAY_MS} ms later, whatever is asked (median of rounds)`,
    value: `${rounded(addedMs)} ms (${name})`,
    met: addedMs <= MAX_DELAY_MS,
  });
  const [name, longestMs] = [...beside]
    .map(([name, measured]): [string, number] => [name, longestPiece(measured)])
    .sort((a, b) => b[1] - a[1])[0]!;
  return [
    target('p99', worst(p99)),
    target('maximum', worst(longest)),
    {
      target: `no piece of work between acknowledgements takes the processor for more than ${MAX_PIECE_MS} ms (median of rounds)`,
      value: `${rounded(longestMs)} ms (${name})`,
      met: longestMs <= MAX_PIECE_MS,
    },
  ];
}

export async function run(): Promise<BenchResult> {
  const dataDir = temporaryDirectory();
  await (await fillDay(dataDir)).store.close();
  const collector = await startCollectorProcess(FLAGS, { dataDir, watchesLoop: true });
  try {
    const senders = new Senders();
    for (let server = 0; server < SERVERS; server++) {
      await send(collector, senders.bodyOf(server, RECENT_SECONDS, Date.now()));
    }
    const alone = nothing();
    const beside = new Map(asked.map(([name]) => [name, nothing()]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, analyse] of asked) {
        await sendRound(collector, senders, alone);
        await analyseRound(collector, senders, beside.get(name)!, analyse);
      }
    }
    return {
      name: 'analysis',
      question: `Do analyses of ${SERVERS} servers with ${TOOLS_PER_SERVER} tools each delay acknowledgements?`,
      rows: [rowOf('nothing', alone), ...[...beside].map(([name, measured]) => rowOf(name, measured))],
      targets: targetsOf(alone, beside),
    };
  } finally {
    await collector.stop();
  }
}

await runWhenMain(import.meta.url, run);
