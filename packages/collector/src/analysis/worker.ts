/** The thread that analyses run in; `workerThread.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import { ANALYSES } from './analyses.ts';
import type { AnalysisAnswer, AnalysisRequest } from './workerThread.ts';

const analyses: Readonly<Record<string, (input: never) => unknown>> = ANALYSES;

parentPort!.on('message', ({ id, name, input }: AnalysisRequest) => {
  parentPort!.postMessage(answer(id, name, input));
});

function answer(id: number, name: string, input: unknown): AnalysisAnswer {
  try {
    return { id, output: analyses[name]!(input as never) };
  } catch (error) {
    return { id, error };
  }
}
