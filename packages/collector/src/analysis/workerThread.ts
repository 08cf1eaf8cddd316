/**
 * Runs analyses in a thread of their own, so that none of them delays an acknowledgement. The thread starts with the first
 * analysis, takes one after the other, and is replaced when it dies or takes too long.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import type { AnalysisInput, AnalysisName, AnalysisOutput } from './analyses.ts';

export interface AnalysisRequest {
  id: number;
  name: string;
  input: unknown;
}

export type AnalysisAnswer = { id: number; output: unknown } | { id: number; error: unknown };

export interface AnalysisThread {
  /** @throws VitalsError `unavailable` when it took too long or its thread died; else what the analysis threw */
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

export function createAnalysisThread(clock: Pick<Clock, 'after'>): AnalysisThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;

  /** Ends the thread and everything that waits for it. */
  async function end(reason: string): Promise<void> {
    const ended = worker;
    worker = undefined;
    const error = new VitalsError('unavailable', reason);
    for (const [id, { settle }] of [...waiting]) settle({ id, error });
    await ended?.terminate();
  }

  function start(): Worker {
    const started = new Worker(...workerProgram());
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
        worker ??= start();
        const id = ++lastId;
        const cancelLimit = clock.after(MAX_RUN_MS, () => void end('The analysis took too long'));
        waiting.set(id, {
          settle(answer) {
            waiting.delete(id);
            cancelLimit();
            if ('error' in answer) reject(answer.error as Error);
            else resolve(answer.output as AnalysisOutput<typeof name>);
          },
        });
        worker.postMessage({ id, name, input } satisfies AnalysisRequest);
      }),
    close: () => end('The collector is ending'),
  };
}

/** The built program beside this file; from sources, the source through the loader that runs them. */
function workerProgram(): [URL, WorkerOptions] {
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB };
  if (!import.meta.url.endsWith('.ts')) return [new URL('./analysisWorker.mjs', import.meta.url), { resourceLimits }];
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return [
    new URL('./worker.ts', import.meta.url),
    { resourceLimits, execArgv: ['--conditions=@mcp-vitals/source', '--import', loader] },
  ];
}
