/**
 * An open loop: calls begin at a constant rate, whatever becomes of those before, as they do when many clients do not know of
 * each other. What a call takes counts from the moment it was meant to begin, so that a driver that is late, or a server
 * that holds the driver up, hides nothing (coordinated omission).
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface OpenLoop {
  perSecond: number;
  durationMs: number;
  /** Makes one call; resolves with whether its answer is worth something. A call that rejects was not answered. */
  call(index: number): Promise<boolean>;
  /** How long to wait for answers after the last call has begun. */
  drainMs: number;
}

export interface LoopCall {
  /** When it was meant to begin, since the start of the loop. */
  atMs: number;
  /** From then to its answer; infinite where there was none. */
  latencyMs: number;
  isOk: boolean;
}

/** Runs the loop and resolves with its calls in the order in which they were meant to begin. */
export async function runOpenLoop({ perSecond, durationMs, call, drainMs }: OpenLoop): Promise<LoopCall[]> {
  const spacingMs = 1_000 / perSecond;
  const count = Math.ceil(durationMs / spacingMs);
  return runArrivals(
    Array.from({ length: count }, (_, index) => index * spacingMs),
    call,
    drainMs,
  );
}

/** The same with calls that begin at these times, ascending, in milliseconds since the start. */
export async function runArrivals(
  arrivalsMs: readonly number[],
  call: OpenLoop['call'],
  drainMs: number,
): Promise<LoopCall[]> {
  const startMs = performance.now();
  const calls: LoopCall[] = [];
  const answers: Promise<void>[] = [];
  const begin = (atMs: number) => {
    const begun: LoopCall = { atMs, latencyMs: Number.POSITIVE_INFINITY, isOk: false };
    const answered = (isOk: boolean) => {
      begun.latencyMs = performance.now() - startMs - atMs;
      begun.isOk = isOk;
    };
    calls.push(begun);
    answers.push(call(calls.length - 1).then(answered, () => {}));
  };
  for (const atMs of arrivalsMs) {
    const earlyMs = atMs - (performance.now() - startMs);
    if (earlyMs > 0) await sleep(Math.max(1, earlyMs));
    begin(atMs);
  }
  await Promise.race([Promise.all(answers), sleep(drainMs, undefined, { ref: false })]);
  return calls;
}

/** What became of the calls that were meant to begin in a span of the loop. */
export interface LoopSummary {
  /** Answers worth something, per second of the span. */
  goodput: number;
  /** Of those answers. Undefined where there was none. */
  p50Ms: number | undefined;
  p99Ms: number | undefined;
  /** Share of calls that got an answer of little worth, or none. */
  failedShare: number;
}

export function summariseLoop(calls: readonly LoopCall[], fromMs: number, toMs: number): LoopSummary {
  return summariseSlices([calls], fromMs, toMs);
}

/** Of several loops together, of each the same span. */
export function summariseSlices(slices: readonly (readonly LoopCall[])[], fromMs: number, toMs: number): LoopSummary {
  const calls = slices.flat();
  const inSpan = calls.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  // By when they came: a server that works off a backlog afterwards was not as fast as that.
  const good = calls.filter(({ isOk, atMs, latencyMs }) => {
    const endMs = atMs + latencyMs;
    return isOk && endMs >= fromMs && endMs < toMs;
  });
  const latencies = inSpan.flatMap(({ isOk, latencyMs }) => (isOk ? latencyMs : [])).sort((a, b) => a - b);
  const at = (quantile: number) => latencies[Math.min(latencies.length - 1, Math.floor(quantile * latencies.length))];
  return {
    goodput: (good.length / (slices.length * (toMs - fromMs))) * 1_000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failedShare: inSpan.filter(({ isOk }) => !isOk).length / inSpan.length,
  };
}
