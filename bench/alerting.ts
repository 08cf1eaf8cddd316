/** How long from a batch that breaches a threshold to the notification that leaves, and what do 10,000 thresholds cost a batch? */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, type Batch, encodeBatch } from '@mcp-vitals/wire/encode';
import { Evaluator } from '../packages/collector/src/alert/evaluator.ts';
import { ThresholdBook, thresholdIdOf } from '../packages/collector/src/alert/thresholds.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { startCollectorProcess } from './support/collectorProcess.ts';

const ALERTS = 300;
const THRESHOLDS = 10_000;
const BATCHES = 2_000;
const TOOLS_PER_BATCH = 20;
const MAX_P99_MS = 50;
const MAX_EVALUATION_MS = 1;

function batch(seq: number, server: string, tools: number, failed: number): Batch {
  const endMs = Date.now();
  const calls = 20;
  return {
    v: 1,
    instance: `bench-${server}`,
    seq,
    process: { host: 'bench', pid: process.pid, runtime: 'node', sdk: 'bench' },
    servers: [{ name: server, version: '1.0.0' }],
    windows: Array.from({ length: tools }, (_, i) => ({
      server: 0,
      kind: 'tool',
      name: `tool-${i}`,
      startMs: endMs - 1_000,
      endMs,
      outcomes: [calls - failed, failed, 0, 0, 0, 0, 0],
      digest: Digest.ofSorted(new Float64Array(calls).fill(5)),
    })),
    resources: [],
    inFlight: [],
    dropped: {},
  };
}

/** From before the batch is sent to when the notification has arrived, both ways through HTTP. */
async function notificationTimesMs(): Promise<number[]> {
  let arrived: (() => void) | undefined;
  const webhook = createServer((request, response) => {
    request.resume().on('end', () => {
      response.end();
      arrived?.();
    });
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
  const channels = JSON.stringify({ hook: { type: 'webhook', url } });
  const collector = await startCollectorProcess(['--set', `notifications.channels=${channels}`]);
  const times: number[] = [];
  try {
    for (let i = 0; i < ALERTS; i += 1) {
      const body = encodeBatch(batch(1, `server-${i}`, 1, 10));
      const told = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const startMs = performance.now();
      const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
      const answer = await fetch(`${collector.url}/v1/batches`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
      await told;
      times.push(performance.now() - startMs);
    }
  } finally {
    await collector.stop();
    webhook.close();
  }
  return times.sort((a, b) => a - b);
}

function evaluationTimesMs(): number[] {
  const book = new ThresholdBook();
  for (let i = 0; i < THRESHOLDS; i += 1) {
    const scope = {
      server: `server-${i % 100}`,
      tool: `tool-${Math.floor(i / 100)}`,
      metric: 'response_time',
      severity: 'warning',
    } as const;
    book.set({ ...scope, thresholdId: thresholdIdOf(scope), threshold: 100 + i, enabled: true });
  }
  const evaluator = new Evaluator(book, { evaluationMinutes: 5, minCalls: 10 }, (name) => name);
  const times = Array.from({ length: BATCHES }, (_, i) => {
    const given = batch(i, `server-${i % 100}`, TOOLS_PER_BATCH, 0);
    const startMs = performance.now();
    evaluator.observe(given, 0, Date.now());
    return performance.now() - startMs;
  });
  return times.sort((a, b) => a - b);
}

export async function run(): Promise<BenchResult> {
  const evaluation = evaluationTimesMs();
  const notification = await notificationTimesMs();
  const at = (times: readonly number[], q: number) => times[Math.min(times.length - 1, Math.floor(q * times.length))]!;
  const row = (what: string, times: readonly number[]) => ({
    what,
    'p50 ms': Number(at(times, 0.5).toFixed(3)),
    'p99 ms': Number(at(times, 0.99).toFixed(3)),
    'max ms': Number(times.at(-1)!.toFixed(3)),
  });
  const [p99, evaluated] = [at(notification, 0.99), at(evaluation, 0.99)];
  return {
    name: 'alerting',
    question: `How long does it take from a batch to the notification (${ALERTS} alerts), and what does a batch of ${TOOLS_PER_BATCH} tools cost at ${THRESHOLDS} thresholds?`,
    rows: [row('batch sent to notification arrived', notification), row('evaluation of a batch', evaluation)],
    targets: [
      { target: `p99 under ${MAX_P99_MS} ms`, value: `${p99.toFixed(1)} ms`, met: p99 < MAX_P99_MS },
      {
        target: `evaluation under ${MAX_EVALUATION_MS} ms a batch`,
        value: `${evaluated.toFixed(3)} ms at p99`,
        met: evaluated < MAX_EVALUATION_MS,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
