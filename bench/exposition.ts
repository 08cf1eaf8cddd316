/**
 * What a scrape of `/metrics` costs: a collector in a process of its own, 500 tools on 50 servers, every one of which was
 * called since the scrape before. Measured from the request to the last byte of the answer, as it goes over the wire.
 */
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, encodeBatch, type Window } from '@mcp-vitals/wire/encode';
import { Client } from 'undici';
import { type BenchResult, runWhenMain } from './result.ts';
import { type CollectorProcess, startCollectorProcess } from './support/collectorProcess.ts';
import { quantile } from './support/quantile.ts';

const SERVERS = 50;
const TOOLS_PER_SERVER = 10;
const CALLS_PER_WINDOW = 20;
/** A server reports once a second; this many reports come between two scrapes. */
const REPORTS = 5;
const WARM_UP = 15;
const SCRAPES = 60;
const TARGET_MS = 50;
const TARGET_BYTES = 1_000_000;

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';
const FORMATS = [
  { what: 'OpenMetrics, gzip: what Prometheus asks for', accept: OPEN_METRICS, encoding: 'gzip' },
  { what: 'text, gzip', accept: 'text/plain', encoding: 'gzip' },
  { what: 'text, not compressed', accept: 'text/plain', encoding: 'identity' },
] as const;

function batch(server: number, seq: number): Uint8Array {
  const endMs = Date.now();
  const windows = Array.from({ length: TOOLS_PER_SERVER }, (_, tool): Window => {
    const samples = Float64Array.from({ length: CALLS_PER_WINDOW }, (_, call) => {
      const rank = ((seq * CALLS_PER_WINDOW + call) * 0.618) % 1;
      return Math.round(5_000 * (tool + 1) * 100 ** rank) / 1_000;
    }).sort();
    return {
      server: 0,
      kind: 'tool',
      name: `look_up_something_${tool}`,
      startMs: endMs - 1_000,
      endMs,
      outcomes: [CALLS_PER_WINDOW - 1, 1, 0, 0, 0, 0, 0],
      digest: Digest.ofSorted(samples),
      errors: [{ atMs: endMs, errorClass: 'QuotaError', code: '429' }],
    };
  });
  const usage = { cpuPercent: 5, memoryMb: 120, memoryPercent: 3, diskIoKb: 10, eventLoopDelayMs: 0.4 };
  return encodeBatch({
    v: 1,
    instance: `bench-${server}`,
    seq,
    process: { host: 'bench', pid: server, runtime: 'node', sdk: 'bench 1.0.0' },
    servers: [{ name: `server-number-${server}`, version: '1.0.0' }],
    windows,
    resources: [{ atMs: endMs, ...usage }],
    inFlight: [],
    dropped: {},
  });
}

async function reportAll(client: Client, collector: CollectorProcess, firstSeq: number): Promise<void> {
  const headers = { 'content-type': BATCH_CONTENT_TYPE, authorization: `Bearer ${collector.token('ingest')}` };
  for (let seq = firstSeq; seq < firstSeq + REPORTS; seq++) {
    await Promise.all(
      Array.from({ length: SERVERS }, async (_, server) => {
        const { body } = await client.request({
          path: '/v1/batches',
          method: 'POST',
          headers,
          body: batch(server, seq),
        });
        await body.dump();
      }),
    );
  }
}

async function scrape(client: Client, headers: Record<string, string>) {
  const startedMs = performance.now();
  const { body, statusCode } = await client.request({ path: '/metrics', method: 'GET', headers });
  const { byteLength } = await body.arrayBuffer();
  if (statusCode !== 200) throw new Error(`the collector answered ${statusCode}`);
  return { bytes: byteLength, ms: performance.now() - startedMs };
}

export async function run(): Promise<BenchResult> {
  const collector = await startCollectorProcess();
  const client = new Client(collector.url, { pipelining: 1 });
  const rows: BenchResult['rows'] = [];
  const targets: BenchResult['targets'] = [];
  let seq = 1;
  try {
    for (const { what, accept, encoding } of FORMATS) {
      const headers = { accept, 'accept-encoding': encoding, authorization: `Bearer ${collector.token('read')}` };
      const scrapes: { bytes: number; ms: number }[] = [];
      for (let i = 0; i < WARM_UP + SCRAPES; i++) {
        await reportAll(client, collector, seq);
        seq += REPORTS;
        const scraped = await scrape(client, headers);
        if (i >= WARM_UP) scrapes.push(scraped);
      }
      const durations = scrapes.map(({ ms }) => ms);
      const [p50, p95] = [quantile(durations, 0.5), quantile(durations, 0.95)];
      const { bytes } = scrapes.at(-1)!;
      rows.push({ what, 'p50 ms': p50.toFixed(1), 'p95 ms': p95.toFixed(1), KB: Math.round(bytes / 1000) });
      if (what !== FORMATS[0].what) continue;
      targets.push(
        {
          target: `a scrape as Prometheus asks takes under ${TARGET_MS} ms (median)`,
          value: `${p50.toFixed(1)} ms`,
          met: p50 < TARGET_MS,
        },
        { target: 'and is under 1 MB on the wire', value: `${Math.round(bytes / 1000)} KB`, met: bytes < TARGET_BYTES },
      );
    }
  } finally {
    await client.close();
    await collector.stop();
  }
  return {
    name: 'exposition',
    question: `What does a scrape of ${SERVERS * TOOLS_PER_SERVER} tools on ${SERVERS} servers cost when all of them have been called since the last one?`,
    rows,
    targets,
    notes: [
      'About 40 lines a tool: two histograms, a summary, counters. What is not compressed is for people; Prometheus, VictoriaMetrics and the OpenTelemetry collector all ask for gzip.',
    ],
  };
}

await runWhenMain(import.meta.url, run);
