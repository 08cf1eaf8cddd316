/** The signal by which a handler learns that its request was cancelled: `extra.signal` in SDK v1, `ctx.mcpReq.signal` in v2. */

interface Shape {
  signal?: AbortSignal;
  mcpReq?: { signal?: AbortSignal };
}

/** @param extra second argument of the handler; whatever it is */
export function signalOf(extra: unknown): AbortSignal | undefined {
  const shape = extra as Shape | null | undefined;
  return shape?.signal ?? shape?.mcpReq?.signal;
}

/** A copy of the second argument with another signal, made as the SDKs make such copies themselves: what was given stays as it is. */
export function withSignal(extra: unknown, signal: AbortSignal): unknown {
  if (typeof extra !== 'object' || extra === null) return extra;
  const { mcpReq } = extra as Shape;
  return mcpReq === undefined ? { ...extra, signal } : { ...extra, mcpReq: { ...mcpReq, signal } };
}
