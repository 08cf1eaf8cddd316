/** The side of the analysis thread that works: takes requests in turn, and answers each, whatever becomes of it. */
import { parentPort } from 'node:worker_threads';
import { VitalsError } from '../errors.ts';
import type { AnalysisAnswer, AnalysisFailure, AnalysisRequest } from './workerThread.ts';

/** To be called once, in the thread. */
export function answerRequests(analyses: Readonly<Record<string, (input: never) => unknown>>): void {
  parentPort!.on('message', ({ id, name, input }: AnalysisRequest) => {
    try {
      parentPort!.postMessage({ id, output: analyses[name]!(input as never) } satisfies AnalysisAnswer);
    } catch (error) {
      parentPort!.postMessage({ id, failure: failureOf(error) } satisfies AnalysisAnswer);
    }
  });
}

/** An error loses its class on its way between threads, and some do not get there at all. */
function failureOf(error: unknown): AnalysisFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  return error instanceof VitalsError
    ? { message, stack, code: error.code, hint: error.hint }
    : { message: `${error.name}: ${message}`, stack };
}
