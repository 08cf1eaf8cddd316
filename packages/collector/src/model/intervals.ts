/** Between what a quantile or a share lies, told from a sample of it. */
import type { Sketch } from '@mcp-vitals/sketch';

export type Interval = [low: number, high: number];

/** Calls on each side of a comparison below which nothing is said. */
export const MIN_COMPARED_CALLS = 30;

/** Durations that differ by less do not differ to anybody. */
export const TIME_TOLERANCE_MS = 1;

/** Error rates that differ by less, in points of per cent, do not differ to anybody. */
export const ERROR_TOLERANCE_POINTS = 0.5;

/**
 * The samples between which the quantile of what they were drawn from lies: ranks by the normal limit of the binomial. Of few
 * samples none is a bound, and there is none: the slowest of 30 calls is below the p95 once in five times.
 * @param count how many independent samples the sketch is worth
 * @param z how far each side may be off, in standard deviations
 */
export function quantileInterval(q: number, sketch: Sketch, count: number, z: number): Interval {
  const reach = z * Math.sqrt((q * (1 - q)) / count);
  const low = q - reach > 0 ? sketch.quantile(q - reach) : 0;
  return [low, q + reach < 1 ? sketch.quantile(q + reach) : Number.POSITIVE_INFINITY];
}

/** The interval of Wilson for a share, 0 to 1, of which `share` was seen in `count` independent trials. */
export function shareInterval(share: number, count: number, z: number): Interval {
  const scale = 1 + z ** 2 / count;
  const center = (share + z ** 2 / (2 * count)) / scale;
  const reach = (z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2))) / scale;
  return [Math.max(0, center - reach), Math.min(1, center + reach)];
}
