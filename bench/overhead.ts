/**
 * What does monitoring add to a tool call? Raw JSON-RPC through the v1 `Server`, which is the least that a call can
 * cost, with the handler bare and wrapped at the same seam by us, by an ideal wrapper, by prom-client and by
 * OpenTelemetry. Rounds are interleaved and each is compared with the bare one beside it; the medians are reported.
 *
 * The ideal reads the clock twice and stores the difference in a Float64Array. A handler of the SDK always returns a
 * promise, so the ideal has to follow it to know when the call ended; it does that with one `then`, and nothing else.
 * The peers get the labels that we tell apart as well, tool and outcome, and their default buckets.
 */
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { Histogram } from 'prom-client';
import { type BenchResult, runWhenMain, type Target } from './result.ts';

const ROUNDS = 150;
const CALLS_PER_ROUND = 1_000;
const CALLS_FOR_HEAP = 1_000_000;

type Handler = (...args: unknown[]) => Promise<unknown>;
type Call = () => Promise<unknown>;

/** A server with one trivial tool, and the way to call it with nothing but its transport in between. */
async function serverAndCall(wrap: (server: Server, handlers: Map<string, Handler>) => void): Promise<Call> {
  const server = new Server({ name: 'bench', version: '1' }, { capabilities: { tools: {} } });
  const answer = { content: [{ type: 'text' as const, text: 'ok' }] };
  server.setRequestHandler(CallToolRequestSchema, async () => answer);
  wrap(server, (server as unknown as { _requestHandlers: Map<string, Handler> })._requestHandlers);
  let answered: (message: unknown) => void = () => {};
  const transport = {
    start: async () => {},
    close: async () => {},
    send: async (message: unknown) => answered(message),
    onmessage: undefined as ((message: unknown) => void) | undefined,
  };
  await server.connect(transport as never);
  let id = 0;
  return () =>
    new Promise((resolve) => {
      answered = resolve;
      id += 1;
      transport.onmessage?.({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'tool', arguments: {} } });
    });
}

/** Wraps the handler at our seam so that `record` gets the milliseconds of each call. */
function timed(handlers: Map<string, Handler>, record: (durationMs: number) => void): void {
  const original = handlers.get('tools/call')!;
  handlers.set('tools/call', (...args) => {
    const startedMs = performance.now();
    const answer = original(...args);
    // Two nameless functions, because tsx gives a named one its name at every call, which would slow the peers down.
    answer.then(
      () => record(performance.now() - startedMs),
      () => record(performance.now() - startedMs),
    );
    return answer;
  });
}

class SilentReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

const VARIANTS: Record<string, (server: Server, handlers: Map<string, Handler>) => void> = {
  bare: () => {},
  'mcp-vitals': (server) => void withMonitoring(server),
  ideal: (_server, handlers) => {
    const durations = new Float64Array(4_096);
    let count = 0;
    timed(handlers, (durationMs) => {
      durations[count++ & 4_095] = durationMs;
    });
  },
  'prom-client histogram': (_server, handlers) => {
    const histogram = new Histogram({
      name: 'tool_seconds',
      help: 'Duration',
      labelNames: ['tool', 'outcome'],
      registers: [],
    });
    timed(handlers, (durationMs) => histogram.observe({ tool: 'tool', outcome: 'ok' }, durationMs / 1_000));
  },
  'OpenTelemetry histogram': (_server, handlers) => {
    const meter = new MeterProvider({ readers: [new SilentReader()] }).getMeter('bench');
    const histogram = meter.createHistogram('tool_ms');
    timed(handlers, (durationMs) => histogram.record(durationMs, { tool: 'tool', outcome: 'ok' }));
  },
};

async function microsecondsPerCall(call: Call): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < CALLS_PER_ROUND; i += 1) await call();
  return ((performance.now() - startedMs) * 1_000) / CALLS_PER_ROUND;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Bytes of heap and array buffers after collecting; buffers are let go by finalizers, one turn later. */
async function memoryBytes(): Promise<number> {
  for (let i = 0; i < 3; i += 1) {
    collectGarbage();
    await nextTurn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The collector of V8, which is only there on request. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function heapGrowthKb(call: Call): Promise<number> {
  for (let i = 0; i < CALLS_FOR_HEAP / 10; i += 1) await call();
  await nextTurn();
  const before = await memoryBytes();
  for (let i = 0; i < CALLS_FOR_HEAP; i += 1) {
    await call();
    if (i % 1_000 === 0) await nextTurn();
  }
  return ((await memoryBytes()) - before) / 1_024;
}

/** Microseconds to wrap a server that was just made, as an HTTP server of v2 does for every request. */
function wrapCostUs(): number {
  const times = Array.from({ length: 2_000 }, () => {
    const server = new Server({ name: 'bench', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(CallToolRequestSchema, async () => ({ content: [] }));
    const startedMs = performance.now();
    withMonitoring(server);
    return (performance.now() - startedMs) * 1_000;
  });
  return median(times);
}

/** The least that can stand for a collector: takes every batch. */
async function listenAsCollector(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"accepted":true,"duplicate":false}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

export async function run(): Promise<BenchResult> {
  const collector = await listenAsCollector();
  process.env.MCP_VITALS_DATA = mkdtempSync(join(tmpdir(), 'mcp-vitals-bench-'));
  process.env.MCP_VITALS_URL = collector.url;
  const names = Object.keys(VARIANTS);
  const calls = await Promise.all(names.map((name) => serverAndCall(VARIANTS[name]!)));
  const times = names.map((): number[] => []);
  for (let round = -10; round < ROUNDS; round += 1) {
    for (let step = 0; step < calls.length; step += 1) {
      // Everyone goes first in turn, so that nobody always follows the same neighbour.
      const index = (step + round + ROUNDS) % calls.length;
      const us = await microsecondsPerCall(calls[index]!);
      if (round >= 0) times[index]!.push(us);
      await nextTurn();
    }
  }
  const added = times.map((own) => median(own.map((us, round) => us - times[0]![round]!)));
  const addedBy = (name: string) => added[names.indexOf(name)]!;
  const growthKb = await heapGrowthKb(calls[1]!);
  const wrapUs = wrapCostUs();
  await getMonitor()?.shutdown();
  collector.close();
  const ours = addedBy('mcp-vitals');
  const peers = Math.min(addedBy('prom-client histogram'), addedBy('OpenTelemetry histogram'));
  return {
    name: 'overhead',
    question: 'What does monitoring add to a tool call?',
    rows: names.map((name, index) => ({
      wrapper: name,
      'µs per call': median(times[index]!).toFixed(2),
      'added µs': added[index]!.toFixed(2),
    })),
    targets: [
      verdict('added µs above the ideal wrapper, at most 0.3', ours - addedBy('ideal'), (value) => value <= 0.3),
      verdict('added µs as a share of the cheaper peer, under 0.5', ours / peers, (value) => value < 0.5),
      verdict('KB of memory growth over a million calls, under one byte a call', growthKb, (value) => value < 977),
      verdict('µs to wrap a server, at most 20', wrapUs, (value) => value <= 20),
    ],
  };
}

function verdict(target: string, value: number, isMet: (value: number) => boolean): Target {
  return { target, value: value.toFixed(2), met: isMet(value) };
}

await runWhenMain(import.meta.url, run);
