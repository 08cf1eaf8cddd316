/**
 * The process that a benchmark runs in, so that making calls takes nothing from the collector; `runnerProcess.ts` starts it. It
 * ends with the benchmark, when it is told to, and with the collector.
 */
import { systemClock } from '../../clock.ts';
import { VitalsError } from '../../errors.ts';
import { openServer, type ServerAddress } from '../connect/openServer.ts';
import type { BenchmarkJob, BenchmarkResult, FromRunner, JobAddress, ToRunner } from './job.ts';
import { resultOf } from './result.ts';
import { runBenchmark } from './runBenchmark.ts';

const stop = new AbortController();

process.on('message', (message: ToRunner) => {
  if (message.kind === 'stop') stop.abort();
  else void answer(message.job);
});
process.on('disconnect', () => stop.abort());
// Ctrl-C in a terminal is for the collector, which tells.
process.on('SIGINT', () => {});

async function answer(job: BenchmarkJob): Promise<void> {
  const last: FromRunner = await run(job).then(
    (result) => ({ kind: 'done', result }),
    (error: unknown) => failed(error),
  );
  // Not before it is on its way: an exit would cut it off.
  if (process.connected) process.send!(last, () => process.exit());
  else process.exit();
}

async function run(job: BenchmarkJob): Promise<BenchmarkResult> {
  const address = serverAddress(job.address);
  const { startMs, version } = job;
  const onStarted = (pid: number) => tell({ kind: 'started', pid });
  const server = await openServer({ address, startMs, version, signal: stop.signal, onStarted });
  try {
    const startedAt = new Date(systemClock.nowMs()).toISOString();
    const onProgress = (progress: Extract<FromRunner, { kind: 'progress' }>['progress']) =>
      tell({ kind: 'progress', progress });
    const measured = await runBenchmark(job, { server, clock: systemClock, signal: stop.signal, onProgress });
    return resultOf(measured, { job, server, address, startedAt });
  } finally {
    await server.close();
  }
}

function serverAddress(address: JobAddress): ServerAddress {
  return 'url' in address ? { ...address, url: new URL(address.url) } : address;
}

function failed(error: unknown): FromRunner {
  if (error instanceof VitalsError) {
    const { code, message, hint } = error;
    return { kind: 'failed', code, message, hint };
  }
  return { kind: 'failed', code: 'internal', message: (error as Error).stack ?? String(error) };
}

function tell(message: FromRunner): void {
  if (process.connected) process.send!(message);
}
