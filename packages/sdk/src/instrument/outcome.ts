/**
 * How a call ended, read from the shape of its answer or error: both SDK versions, low and high level, give the same
 * shapes, and reading shapes needs neither SDK. These functions look at strangers' objects and never throw.
 */
import type { Outcome } from '@mcp-vitals/wire/encode';
import { signalOf } from './signal.ts';

/** Request time-out: a JSON-RPC code in v1, a text code in v2. */
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set([-32001, 'REQUEST_TIMEOUT']);

/** The reason a client of either version gives when it cancels a request because its own time for it ran out. */
const TIMEOUT_REASON = /-32001|request timed out|maximum total timeout exceeded/i;

interface AnswerShape {
  isError?: unknown;
  resultType?: unknown;
  task?: { taskId?: unknown } | null;
}

/** @param extra second argument of the handler, which carries the abort signal; none where messages are read in passing */
export function outcomeOfAnswer(answer: unknown, extra?: unknown): Outcome {
  try {
    const aborted = outcomeOfAbort(extra);
    if (aborted) return aborted;
    if (typeof answer !== 'object' || answer === null) return 'ok';
    const { isError, resultType, task } = answer as AnswerShape;
    if (isError === true) return 'tool_error';
    if (resultType === 'input_required') return 'input_required';
    if (resultType === 'task' || typeof task?.taskId === 'string') return 'task_created';
    return 'ok';
  } catch {
    return 'ok';
  }
}

/** @param extra second argument of the handler, which carries the abort signal; none where messages are read in passing */
export function outcomeOfError(error: unknown, extra?: unknown): Outcome {
  try {
    const aborted = outcomeOfAbort(extra);
    if (aborted) return aborted;
    const code = (error as { code?: unknown } | null | undefined)?.code;
    return TIMEOUT_CODES.has(code) ? 'timeout' : 'protocol_error';
  } catch {
    return 'protocol_error';
  }
}

/**
 * A client that gave up waiting is a time-out, any other cancellation is one.
 * @param reason what `notifications/cancelled` says, or the reason of the abort signal
 */
export function outcomeOfCancel(reason: unknown): 'timeout' | 'cancelled' {
  return typeof reason === 'string' && TIMEOUT_REASON.test(reason) ? 'timeout' : 'cancelled';
}

/** Undefined when nobody aborted. */
function outcomeOfAbort(extra: unknown): 'timeout' | 'cancelled' | undefined {
  const signal = signalOf(extra);
  return signal?.aborted === true ? outcomeOfCancel(signal.reason) : undefined;
}
