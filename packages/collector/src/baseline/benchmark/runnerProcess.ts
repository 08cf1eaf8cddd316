/** Starts the process that a benchmark runs in, and sees to it that nothing of it is left when the benchmark is over. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../clock.ts';
import { type ErrorCode, VitalsError } from '../../errors.ts';
import { killGroup } from '../../serverProcess.ts';
import type { BenchmarkJob, BenchmarkResult, FromRunner, JobProgress, ToRunner } from './job.ts';

export interface RunnerOptions {
  clock: Pick<Clock, 'after'>;
  /** Ends the benchmark; what was measured is still answered. */
  signal: AbortSignal;
  onProgress(progress: JobProgress): void;
}

/** For the server to end, by itself or by force, once the runner was told to stop. */
const STOP_MS = 10_000;

/** Beyond what the benchmark itself may take: for its process to start, and to compare. */
const SLACK_MS = 30_000;

/**
 * @returns what was measured, also when the signal ended it
 * @throws VitalsError with what to do about it
 */
export async function runInProcess(job: BenchmarkJob, options: RunnerOptions): Promise<BenchmarkResult> {
  const { clock, signal, onProgress } = options;
  const runner = startRunner();
  const exited = new Promise((resolve) => runner.once('exit', resolve));
  let serverPid: number | undefined;
  /** By force: a runner that ends by itself has ended its server. */
  const endAll = () => {
    runner.kill('SIGKILL');
    if (serverPid !== undefined) killGroup(serverPid);
  };
  let cancelForce = () => {};
  const stop = () => {
    tell(runner, { kind: 'stop' });
    cancelForce = clock.after(STOP_MS, endAll);
  };
  const cancelLimit = clock.after(longestMs(job), stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answered = answerOf(runner, { onStarted: (pid) => (serverPid = pid), onProgress, onDeath: endAll });
    tell(runner, { kind: 'run', job });
    if (signal.aborted) stop();
    return await answered.finally(() => exited);
  } finally {
    cancelLimit();
    cancelForce();
    signal.removeEventListener('abort', stop);
  }
}

function tell(runner: ChildProcess, message: ToRunner): void {
  if (runner.connected) runner.send(message);
}

/** The built program beside this file; from sources, the source through the loader that runs them. */
function startRunner(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './runner.ts' : './benchmarkRunner.mjs', import.meta.url);
  const execArgv = isSource ? ['--conditions=@mcp-vitals/source', '--import', loaderOfSources()] : [];
  // Nothing of it reaches stdout, which may be a client's.
  return fork(program, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
}

function loaderOfSources(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}

interface Listener {
  onStarted(pid: number): void;
  onProgress(progress: JobProgress): void;
  /** It ended without an answer. */
  onDeath(): void;
}

function answerOf(runner: ChildProcess, { onStarted, onProgress, onDeath }: Listener): Promise<BenchmarkResult> {
  return new Promise((resolve, reject) => {
    const died = (how: string) => {
      onDeath();
      reject(endedEarly(how));
    };
    let isAnswered = false;
    runner.on('message', (message: FromRunner) => {
      if (message.kind === 'started') onStarted(message.pid);
      else if (message.kind === 'progress') onProgress(message.progress);
      else isAnswered = true;
      if (message.kind === 'done') resolve(message.result);
      if (message.kind === 'failed') reject(failureOf(message));
    });
    runner.once('error', (error) => died(error.message));
    runner.once('exit', (code, signal) => isAnswered || died(signal ?? `exit code ${code}`));
  });
}

function failureOf({ code, message, hint }: Extract<FromRunner, { kind: 'failed' }>): VitalsError {
  return new VitalsError(code as ErrorCode, message, hint === undefined ? {} : { hint });
}

function endedEarly(how: string): VitalsError {
  return new VitalsError('unavailable', `The process of the benchmark ended early: ${how}`, {
    hint: 'Try again; if it ends again, the log of the collector may say why.',
  });
}

/** Start, list, first calls, warm-up and load, each with a call that is still awaited at its end. */
function longestMs({ startMs, timeoutMs, warmUpMs, durationMs, arguments: given }: BenchmarkJob): number {
  const firstCalls = given?.length ?? 1;
  return 2 * startMs + (firstCalls + 3) * timeoutMs + warmUpMs + 2 * durationMs + SLACK_MS;
}
