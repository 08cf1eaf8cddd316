/**
 * Bins for durations: evenly spaced by their logarithm, because ten times as slow is what the eye should see as one step,
 * whether from 1 to 10 ms or from 1 to 10 s. Counts are read off the sketch, so they are as exact as its quantiles.
 */
import type { Sketch } from '@mcp-vitals/sketch';

/** Below a microsecond is noise of the clock. */
const SMALLEST_MS = 0.001;
/** A hundredth more, so that the greatest value lies inside its bin whatever the rounding. */
const MARGIN = 1.01;

/**
 * @returns upper ends in ms, ascending; the first bin reaches down to 0, the last holds `maxMs`. Empty without a value.
 */
export function logBins(minMs: number, maxMs: number, count: number): number[] {
  if (!(maxMs >= 0)) return [];
  const low = Math.max(SMALLEST_MS, minMs);
  const high = Math.max(low * 2, maxMs * MARGIN);
  const ratio = (high / low) ** (1 / count);
  return Array.from({ length: count }, (_, bin) => low * ratio ** (bin + 1));
}

/** Whole calls within each bin. They sum up to the digest's count when its values lie below the last bound. */
export function countsWithin(digest: Sketch | undefined, boundsMs: readonly number[]): number[] {
  if (digest === undefined || digest.count === 0) return boundsMs.map(() => 0);
  let above = digest.count;
  return boundsMs.map((bound) => {
    const stillAbove = Math.min(above, Math.round(digest.countAbove(bound)));
    const within = above - stillAbove;
    above = stillAbove;
    return within;
  });
}
