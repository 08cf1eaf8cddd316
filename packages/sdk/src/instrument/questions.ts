/**
 * What a server asks its client while it handles a request: elicitation, sampling, roots. The call it belongs to waits
 * for a person or a model then, which is not the tool's own time. Every question passes one method of the low-level
 * server, `request` in SDK v1 and `_requestWithSchemaViaCodec` in v2, whether it is asked through the handler's second
 * argument, which names the request, or through the server itself, which does not.
 */
import type { Clock } from '../clock.ts';
import type { InFlightTable, Waiting } from '../record/inFlight.ts';
import { follow } from './follow.ts';

type Ask = (this: unknown, ...args: unknown[]) => unknown;

interface AskingServer {
  request?: Ask;
  _requestWithSchemaViaCodec?: Ask;
}

/** Counts the time between a question of `lowLevel` and its answer as waiting time of the call that asked. */
export function watchQuestions(lowLevel: object, inFlight: InFlightTable, clock: Pick<Clock, 'monotonicMs'>): void {
  const asking = lowLevel as AskingServer;
  const name = typeof asking._requestWithSchemaViaCodec === 'function' ? '_requestWithSchemaViaCodec' : 'request';
  const original = asking[name];
  if (typeof original !== 'function') return;
  const ask: Ask = function (this: unknown, ...args: unknown[]): unknown {
    const waiting = beginWaiting(lowLevel, args, inFlight, clock.monotonicMs());
    const answer = Reflect.apply(original, this, args);
    if (waiting === undefined) return answer;
    const answered = () => waiting.end(clock.monotonicMs());
    if (!follow(answer, answered, answered)) answered();
    return answer;
  };
  Object.defineProperty(lowLevel, name, { value: ask, writable: true, configurable: true, enumerable: false });
}

/** A question that names no request is that of the only call in flight; with several there is no telling. */
function beginWaiting(
  lowLevel: object,
  args: readonly unknown[],
  inFlight: InFlightTable,
  nowMs: number,
): Waiting | undefined {
  try {
    const options = args.at(-1) as { relatedRequestId?: unknown } | undefined;
    const requestId = options?.relatedRequestId;
    const calls = inFlight.slotsOf(lowLevel);
    const asking =
      requestId === undefined ? calls : calls.filter((call) => requestIdOf(inFlight.extraOf(call)) === requestId);
    return asking.length === 1 ? inFlight.wait(asking[0]!, nowMs) : undefined;
  } catch {
    return undefined;
  }
}

/** v1 hands the id over as `extra.requestId`, v2 as `ctx.mcpReq.id`. */
function requestIdOf(extra: unknown): unknown {
  const shape = extra as { requestId?: unknown; mcpReq?: { id?: unknown } } | undefined;
  return shape?.requestId ?? shape?.mcpReq?.id;
}
