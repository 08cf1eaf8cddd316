/**
 * What a collector costs that nobody is using, and one that 28 servers of 10 tools report to every second. Read from
 * `/proc`, so on Linux only.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, encodeBatch, type Window } from '@mcp-vitals/wire/encode';
import { Pool } from 'undici';
import { type BenchResult, runWhenMain } from './result.ts';
import { type CollectorProcess, startCollectorProcess } from './support/collectorProcess.ts';

/** Start-up ends with a garbage collection when V8 finds nothing more to do, some seconds later. */
const SETTLE_MS = 15_000;
const REST_MS = 30_000;
const BUSY_SECONDS = 60;
const SERVERS = 28;
const TOOLS = 10;
const SAMPLES_PER_WINDOW = 10;

interface Usage {
  memoryMb: number;
  cpuSeconds: number;
}

function usageOf(pid: number, ticksPerSecond: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  // The name of the command, in parentheses, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return {
    memoryMb: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
  };
}

function batchOf(server: number, seq: number): Uint8Array {
  const endMs = Date.now();
  const windows = Array.from({ length: TOOLS }, (_, tool): Window => {
    const durations = Float64Array.from({ length: SAMPLES_PER_WINDOW }, () => 5 + Math.random() * 50).sort();
    return {
      server: 0,
      kind: 'tool',
      name: `tool_${tool}`,
      startMs: endMs - 1_000,
      endMs,
      outcomes: [SAMPLES_PER_WINDOW, 0, 0, 0, 0, 0, 0],
      digest: Digest.ofSorted(durations),
    };
  });
  return encodeBatch({
    v: 1,
    instance: `busy-${server}`,
    seq,
    process: { host: 'bench', pid: server, runtime: 'node', sdk: 'bench 1.0.0' },
    servers: [{ name: `server-${server}`, version: '1.0.0' }],
    windows,
    resources: [{ atMs: endMs, cpuPercent: 5, memoryMb: 80, memoryPercent: 1, diskIoKb: 10, eventLoopDelayMs: 1 }],
    inFlight: [],
    dropped: {},
  });
}

/** Each server sends once a second, spread over the second as independent processes are. */
async function keepBusy(collector: CollectorProcess): Promise<void> {
  const pool = new Pool(collector.url, { connections: 4 });
  const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
  for (let second = 1; second <= BUSY_SECONDS; second++) {
    for (let server = 0; server < SERVERS; server++) {
      const { body, statusCode } = await pool.request({
        method: 'POST',
        path: '/v1/batches',
        headers,
        body: batchOf(server, second),
      });
      if (statusCode !== 200) throw new Error(await body.text());
      await body.dump();
      await sleep(1_000 / SERVERS);
    }
  }
  await pool.close();
}

export async function run(): Promise<BenchResult> {
  const question = 'What does the collector cost at rest, and with 280 series reporting every second?';
  if (!existsSync('/proc/self/stat'))
    return { name: 'atRest', question, rows: [{ state: 'not measured on this platform' }], targets: [] };
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const collector = await startCollectorProcess();
  const measure = async (work: () => Promise<void>) => {
    const before = usageOf(collector.pid, ticksPerSecond);
    const startedMs = performance.now();
    await work();
    const after = usageOf(collector.pid, ticksPerSecond);
    const seconds = (performance.now() - startedMs) / 1_000;
    return { memoryMb: after.memoryMb, cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds };
  };
  try {
    await sleep(SETTLE_MS);
    const rest = await measure(() => sleep(REST_MS));
    const busy = await measure(() => keepBusy(collector));
    const row = (state: string, { memoryMb, cpuPercent }: typeof rest) => ({
      state,
      'memory MB': Math.round(memoryMb),
      'CPU % of one core': Number(cpuPercent.toFixed(2)),
    });
    return {
      name: 'atRest',
      question,
      rows: [row('at rest', rest), row('280 series a second', busy)],
      targets: [
        { target: 'at rest under 100 MB', value: `${Math.round(rest.memoryMb)} MB`, met: rest.memoryMb < 100 },
        {
          target: 'at rest at most 0.2 % of a core',
          value: `${rest.cpuPercent.toFixed(2)} %`,
          met: rest.cpuPercent <= 0.2,
        },
        {
          target: 'with 280 busy series under 200 MB',
          value: `${Math.round(busy.memoryMb)} MB`,
          met: busy.memoryMb < 200,
        },
      ],
    };
  } finally {
    await collector.stop();
  }
}

await runWhenMain(import.meta.url, run);
