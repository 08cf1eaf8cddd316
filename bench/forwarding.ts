/** What forwarding costs: a minute of 500 tools, from their rows in SQLite to what the receiver has acknowledged. */
import { createServer } from 'node:http';
import { openForwarding } from '../packages/collector/src/forward/forwardFixtures.ts';
import { openFilledStore } from '../packages/collector/src/testing/filledStore.ts';
import type { BenchResult } from './result.ts';
import { runWhenMain } from './result.ts';
import { median } from './support/median.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
const MINUTE_MS = 60_000;
const SERVERS = 10;
const TOOLS = 50;
const CALLS = 100;
const WARM_UP_MINUTES = 5;
const MEASURED_MINUTES = 20;
const MAX_CPU_MS = 1_000;

interface Sink {
  url: string;
  bytes: number;
  requests: number;
  stop(): void;
}

async function startSink(): Promise<Sink> {
  const sink: Sink = { url: '', bytes: 0, requests: 0, stop: () => void server.close() };
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      sink.bytes += chunk.length;
    });
    request.on('end', () => {
      sink.requests++;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sink.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return sink;
}

async function measure(name: 'otlp' | 'remoteWrite'): Promise<Record<string, string | number>> {
  const sink = await startSink();
  const forward = name === 'otlp' ? { otlp: { endpoint: sink.url } } : { remoteWrite: { url: sink.url } };
  const filled = await openFilledStore(START_MS, { forward });
  const forwarding = openForwarding(filled);
  await forwarding.tick(filled.clock.nowMs());
  const cpuMs: number[] = [];
  for (let minute = 0; minute < WARM_UP_MINUTES + MEASURED_MINUTES; minute++) {
    await recordMinute(filled, minute);
    filled.clock.advance(MINUTE_MS + 11_000);
    await filled.store.closeMinutes(filled.clock.nowMs());
    if (minute === WARM_UP_MINUTES) Object.assign(sink, { bytes: 0, requests: 0 });
    const before = process.cpuUsage();
    await forwarding.tick(filled.clock.nowMs());
    const { user, system } = process.cpuUsage(before);
    if (minute >= WARM_UP_MINUTES) cpuMs.push((user + system) / 1000);
    filled.clock.advance(-11_000);
  }
  await forwarding.close();
  await filled.close();
  sink.stop();
  return {
    destination: name,
    'CPU ms a minute': Math.round(median(cpuMs)),
    'worst CPU ms': Math.round(Math.max(...cpuMs)),
    'requests a minute': sink.requests / MEASURED_MINUTES,
    'KB a minute': Math.round(sink.bytes / MEASURED_MINUTES / 1024),
  };
}

async function recordMinute({ record }: Awaited<ReturnType<typeof openFilledStore>>, minute: number): Promise<void> {
  const atMs = START_MS + minute * MINUTE_MS + 1_000;
  const calls = Array.from({ length: SERVERS * TOOLS }, (_, i) => ({
    server: `server-${i % SERVERS}`,
    tool: `tool-${Math.floor(i / SERVERS)}`,
    atMs,
    durationsMs: Array.from(
      { length: CALLS },
      (_, c) => (2 + i / 90) * Math.exp(((c * 37 + i * 11 + minute * 7) % 97) / 16),
    ),
  }));
  await record(calls);
}

export async function run(): Promise<BenchResult> {
  const rows = [await measure('otlp'), await measure('remoteWrite')];
  const worst = Math.max(...rows.map((row) => Number(row['CPU ms a minute'])));
  return {
    name: 'forwarding',
    question: `What does forwarding a minute of ${SERVERS * TOOLS} tools with ${CALLS} calls each cost?`,
    rows,
    targets: [{ target: `under ${MAX_CPU_MS} ms of CPU a minute`, value: `${worst} ms`, met: worst < MAX_CPU_MS }],
    notes: [
      'CPU of the whole process: reading the rows, making histograms, compressing, sending, saving the totals, and the receiver, which throws all away. Between requests ingest has its turn.',
    ],
  };
}

await runWhenMain(import.meta.url, run);
