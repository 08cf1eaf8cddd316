/**
 * Durations counted in narrow bins of their logarithm. Unlike a digest they can be weighted, drawn again, cloned to a thread
 * and saved as JSON; a quantile is right to 2 %, the half width of a bin.
 */

/** Calls by bin, ascending. */
export type LatencyCounts = [bin: number, calls: number][];

/** Upper end of a bin by its lower end. */
const RATIO = 1.04;
const LOG_RATIO = Math.log(RATIO);
/** Below a microsecond is noise of the clock. */
const SMALLEST_MS = 0.001;

export function binOf(durationMs: number): number {
  return Math.floor(Math.log(Math.max(durationMs, SMALLEST_MS) / SMALLEST_MS) / LOG_RATIO);
}

/** The geometric middle of a bin, in milliseconds. */
export function middleMs(bin: number): number {
  return SMALLEST_MS * RATIO ** (bin + 0.5);
}

/** @returns milliseconds; NaN without calls. @param q 0 to 1 */
export function quantileOfCounts(counts: Iterable<readonly [bin: number, calls: number]>, q: number): number {
  const sorted = [...counts].filter(([, calls]) => calls > 0).sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, calls]) => sum + calls, 0);
  let below = 0;
  for (const [bin, calls] of sorted) {
    below += calls;
    if (below >= q * total) return middleMs(bin);
  }
  return Number.NaN;
}
