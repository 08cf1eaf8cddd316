/**
 * Times one request. The original handler runs exactly once, with the `this` and the arguments it was given, and what it
 * returns or throws goes to the caller untouched. Everything else here is written not to throw: no fallback of ours
 * encloses the user's code, so nothing of ours can make it run twice.
 */
import type { ErrorSample, Outcome, RefusalCode } from '@mcp-vitals/wire/encode';
import { REFUSAL_CLASS } from '@mcp-vitals/wire/encode';
import type { Chain, Link } from '../record/chain.ts';
import type { CallDetails, CallOrigin, Recorder } from '../record/recorder.ts';
import type { SeriesGroup } from '../window/series.ts';
import { noteClient } from './clientName.ts';
import type { RequestHandler } from './dispatch.ts';
import { describeFailure } from './failure.ts';
import { follow } from './follow.ts';
import { outcomeOfAnswer, outcomeOfError } from './outcome.ts';

/** Stands for a call that could not be begun. */
const NOT_RECORDED = -1;

/** Where calls go whose name cannot be read. */
const UNREADABLE = '__unnamed__';

/** What a wrapped handler needs to know; the same for all requests of one method of one server object. */
export interface RequestContext extends CallOrigin {
  group: SeriesGroup;
  recorder: Pick<Recorder, 'begin' | 'end' | 'clientOf'>;
  nameOf(request: unknown): string;
  /** The sessions of the server object; absent where it does not matter what follows what. */
  chain?: Chain | undefined;
  /** Reads an answer that went well, for what it says about the server. */
  readAnswer?: ((request: unknown, answer: unknown) => void) | undefined;
  nowMs(): number;
  /** Which of our refusals an answer is; undefined for that of a handler. */
  refusalCodeOf?: ((answer: unknown) => RefusalCode | undefined) | undefined;
  errorMessages: boolean;
  resultBytes: boolean;
}

/** A handler that does what `original` does and records how it went. */
export function timeRequests(original: RequestHandler, context: RequestContext): RequestHandler {
  return function timedRequest(this: unknown, ...args: unknown[]): unknown {
    const extra = args[1];
    const traceparent = readTraceparent(args[0]);
    const call = beginCall(context, args[0], extra);
    const answered = (answer: unknown) => {
      endCall(context, call, outcomeOf(context, answer, extra), answer, traceparent);
      if (context.readAnswer !== undefined) readAnswer(context.readAnswer, args[0], answer);
    };
    const failed = (error: unknown) => endCall(context, call, outcomeOfError(error, extra), error, traceparent);
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

/** Where an answer is ours, a tool that took too long is no error of the tool. */
function outcomeOf({ refusalCodeOf }: RequestContext, answer: unknown, extra: unknown): Outcome {
  const outcome = outcomeOfAnswer(answer, extra);
  return outcome === 'tool_error' && refusalCodeOf?.(answer) === 'timeout' ? 'timeout' : outcome;
}

function beginCall(context: RequestContext, request: unknown, extra: unknown): number {
  try {
    const link = context.chain && callerOf(context, context.chain, extra);
    return context.recorder.begin(context.group, nameOf(context, request), context, extra, link);
  } catch {
    return NOT_RECORDED;
  }
}

function callerOf(context: RequestContext, chain: Chain, extra: unknown): Link {
  const link = linkOf(chain, extra);
  noteClient(link, extra, context);
  return link;
}

/** Both SDKs hand a session's id over as `sessionId`, where the transport has sessions. */
function linkOf(chain: Chain, extra: unknown): Link {
  try {
    return chain.linkOf((extra as { sessionId?: unknown } | undefined)?.sessionId);
  } catch {
    return chain.linkOf(undefined);
  }
}

function nameOf(context: RequestContext, request: unknown): string {
  try {
    return context.nameOf(request);
  } catch {
    return UNREADABLE;
  }
}

/**
 * `params._meta.traceparent`, as the specification of MCP reserves it; nothing else of `_meta` is read. It is read before
 * the handler runs, which may do with the request what it likes.
 */
function readTraceparent(request: unknown): unknown {
  try {
    return (request as { params?: { _meta?: { traceparent?: unknown } } }).params?._meta?.traceparent;
  } catch {
    return undefined;
  }
}

function endCall(context: RequestContext, call: number, outcome: Outcome, cause: unknown, traceparent: unknown): void {
  if (call === NOT_RECORDED) return;
  try {
    const sized = context.resultBytes ? detailsOf(outcome, cause) : undefined;
    const details = traceparent === undefined ? sized : { ...sized, traceparent };
    if (outcome === 'ok') context.recorder.end(call, outcome, undefined, details);
    else context.recorder.end(call, outcome, errorSample(context, outcome, cause), details);
  } catch {
    // The recorder is written not to throw; should it all the same, the caller must not notice.
  }
}

function errorSample(context: RequestContext, outcome: Outcome, cause: unknown): ErrorSample | undefined {
  if (outcome !== 'tool_error' && outcome !== 'protocol_error' && outcome !== 'timeout') return undefined;
  const code = context.refusalCodeOf?.(cause);
  if (code !== undefined) return { atMs: context.nowMs(), errorClass: REFUSAL_CLASS, code };
  return { atMs: context.nowMs(), ...describeFailure(outcome, cause, context.errorMessages) };
}

/** The size of an answer; what cannot be written as JSON has none, and what was thrown is no result. */
function detailsOf(outcome: Outcome, answer: unknown): CallDetails | undefined {
  if (outcome !== 'ok' && outcome !== 'tool_error') return undefined;
  try {
    const json = JSON.stringify(answer);
    return json === undefined ? undefined : { resultBytes: Buffer.byteLength(json) };
  } catch {
    return undefined;
  }
}

function readAnswer(read: (request: unknown, answer: unknown) => void, request: unknown, answer: unknown): void {
  try {
    read(request, answer);
  } catch {
    // A list that cannot be read teaches nothing.
  }
}
