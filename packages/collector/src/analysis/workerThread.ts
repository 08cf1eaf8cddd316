/**
 * Runs analyses in a thread of their own, so that none of them delays an acknowledgement. The thread starts with the first
 * analysis, takes one after the other, and is replaced when it dies or takes too long.
 */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { type ErrorCode, VitalsError } from '../errors.ts';
import type { AnalysisInput, AnalysisName, AnalysisOutput } from './analyses.ts';

export interface AnalysisRequest {
  id: number;
  name: string;
  input: unknown;
}

export type AnalysisAnswer = { id: number; output: unknown } | { id: number; failure: AnalysisFailure };

export interface AnalysisFailure {
  message: string;
  /** Where it was thrown, in the thread. */
  stack?: string | undefined;
  /** Of a `VitalsError`, as is the hint. */
  code?: ErrorCode;
  hint?: string | undefined;
}

export interface AnalysisThread {
  /**
   * Input and output are cloned.
   * @throws VitalsError `unavailable` when it took too long or its thread died; what the analysis threw where
   *   that was a `VitalsError`; else an error with its message and stack
   */
  run<Name extends AnalysisName>(name: Name, input: AnalysisInput<Name>): Promise<AnalysisOutput<Name>>;
  close(): Promise<void>;
}

/** Past this an analysis is in a loop, or its input is out of all proportion. */
const MAX_RUN_MS = 120_000;

/** A thread that needs more is ended instead of the collector. */
const MAX_HEAP_MB = 512;

interface Waiting {
  settle(answer: AnalysisAnswer): void;
}

/** @param program the module that answers; another one for tests */
export function createAnalysisThread(clock: Pick<Clock, 'after'>, program: URL = builtProgram()): AnalysisThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;
  let isClosed = false;

  /** Ends the thread and everything that waits for it. */
  async function end(reason: string): Promise<void> {
    const ended = worker;
    worker = undefined;
    const failure: AnalysisFailure = { code: 'unavailable', message: reason };
    for (const [id, { settle }] of [...waiting]) settle({ id, failure });
    await ended?.terminate();
  }

  function start(): Worker {
    const started = startProgram(program);
    started.unref();
    started.on('message', (answer: AnalysisAnswer) => waiting.get(answer.id)?.settle(answer));
    const died = (error?: Error) => {
      if (worker === started) void end(`The analysis ended early${error === undefined ? '' : `: ${error.message}`}`);
    };
    started.on('error', died).on('exit', () => died());
    return started;
  }

  return {
    run: (name, input) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw new VitalsError('unavailable', ENDING);
        worker ??= start();
        const id = ++lastId;
        // Before anything waits for it: what cannot be cloned throws here.
        worker.postMessage({ id, name, input } satisfies AnalysisRequest);
        const cancelLimit = clock.after(MAX_RUN_MS, () => void end('The analysis took too long'));
        waiting.set(id, {
          settle(answer) {
            waiting.delete(id);
            cancelLimit();
            if ('failure' in answer) reject(errorOf(answer.failure));
            else resolve(answer.output as AnalysisOutput<typeof name>);
          },
        });
      }),
    close() {
      isClosed = true;
      return end(ENDING);
    },
  };
}

const ENDING = 'The collector is ending';

function errorOf({ message, stack, code, hint }: AnalysisFailure): Error {
  const inThread = Object.assign(new Error(message), stack !== undefined && { stack });
  if (code === undefined) return inThread;
  return new VitalsError(code, message, { cause: inThread, ...(hint !== undefined && { hint }) });
}

/** Beside this file; from sources, the source. */
function builtProgram(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './analysisWorker.mjs', import.meta.url);
}

function startProgram(program: URL): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB };
  if (!program.href.endsWith('.ts')) return new Worker(program, { resourceLimits });
  return new Worker(new URL('./threadFromSource.mjs', import.meta.url), {
    resourceLimits,
    execArgv: ['--conditions=@mcp-vitals/source'],
    workerData: { program: program.href },
  });
}
