/**
 * The trace that a call belongs to, from a `traceparent` in the form of https://www.w3.org/TR/trace-context/. See
 * docs/decisions/0025-trace-context.md.
 */

export interface SampledTrace {
  traceId: string;
  /** The span of the caller. */
  spanId: string;
}

/** Version 00 has nothing after the flags; later versions may have more. The last bit of the flags says "sampled". */
const SAMPLED =
  /^(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2}(?=.{53}(?:-|$)))-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f][13579bdf]/;
const LENGTH = 55;

/** A part of a longer text keeps the whole of it in memory. */
const MAX_LENGTH = 256;

/** Undefined for what is no trace context, and for one that was not sampled: it leads to no trace. */
export function sampledTrace(traceparent: unknown): SampledTrace | undefined {
  if (typeof traceparent !== 'string' || traceparent.length < LENGTH || traceparent.length > MAX_LENGTH) {
    return undefined;
  }
  const ids = SAMPLED.exec(traceparent);
  return ids === null ? undefined : { traceId: ids[1]!, spanId: ids[2]! };
}
