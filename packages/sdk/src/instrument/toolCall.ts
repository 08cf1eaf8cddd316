/**
 * Times one tool call. The original runs exactly once, with the `this` and the arguments it was given, and what it
 * returns or throws goes to the caller untouched. Everything else here is written not to throw: no fallback of ours
 * encloses the user's call, so nothing of ours can make it run twice.
 */
import { types } from 'node:util';
import type { ErrorSample, Outcome } from '@mcp-vitals/wire/encode';
import type { Recorder } from '../record/recorder.ts';
import type { MonitoredServer } from '../window/series.ts';
import type { RequestHandler } from './dispatch.ts';
import { describeFailure } from './failure.ts';
import { outcomeOfAnswer, outcomeOfError } from './outcome.ts';

/** Where calls go whose request names no tool. */
const UNNAMED = '__unnamed__';

/** Stands for a call that could not be begun. */
const NOT_RECORDED = -1;

/** What a wrapped handler needs to know; the same for all handlers of a server. */
export interface ToolCallContext {
  server: MonitoredServer;
  recorder: Pick<Recorder, 'begin' | 'end'>;
  nowMs(): number;
  errorMessages: boolean;
}

const followPromise = Promise.prototype.then;

/** A handler that does what `original` does and records how it went. */
export function timeToolCalls(original: RequestHandler, context: ToolCallContext): RequestHandler {
  return function timedToolCall(this: unknown, ...args: unknown[]): unknown {
    const extra = args[1];
    const call = beginCall(context, args[0]);
    const answered = (answer: unknown) => endCall(context, call, outcomeOfAnswer(answer, extra), answer);
    const failed = (error: unknown) => endCall(context, call, outcomeOfError(error, extra), error);
    let answer: unknown;
    try {
      answer = Reflect.apply(original, this, args);
    } catch (error) {
      failed(error);
      throw error;
    }
    if (!follow(answer, answered, failed)) answered(answer);
    return answer;
  };
}

/**
 * Listens to a promise; false when `answer` is none. Only real promises are followed: calling `then` on another
 * thenable can start its work, and that would be a second time.
 */
function follow(answer: unknown, answered: (answer: unknown) => void, failed: (error: unknown) => void): boolean {
  // `instanceof` is much the faster check; the other one knows promises of other realms.
  if (!(answer instanceof Promise) && !types.isPromise(answer)) return false;
  try {
    followPromise.call(answer, answered, failed);
    return true;
  } catch {
    return false; // It only looked like one.
  }
}

function beginCall({ recorder, server }: ToolCallContext, request: unknown): number {
  try {
    return recorder.begin(server, toolNameOf(request));
  } catch {
    return NOT_RECORDED;
  }
}

function endCall(context: ToolCallContext, call: number, outcome: Outcome, cause: unknown): void {
  if (call === NOT_RECORDED) return;
  try {
    if (outcome === 'ok') context.recorder.end(call, outcome);
    else context.recorder.end(call, outcome, errorSample(context, outcome, cause));
  } catch {
    // The recorder is written not to throw; should it all the same, the caller must not notice.
  }
}

function errorSample(context: ToolCallContext, outcome: Outcome, cause: unknown): ErrorSample | undefined {
  if (outcome !== 'tool_error' && outcome !== 'protocol_error' && outcome !== 'timeout') return undefined;
  return { atMs: context.nowMs(), ...describeFailure(outcome, cause, context.errorMessages) };
}

function toolNameOf(request: unknown): string {
  try {
    const name = (request as { params?: { name?: unknown } }).params?.name;
    return typeof name === 'string' ? name : UNNAMED;
  } catch {
    return UNNAMED;
  }
}
