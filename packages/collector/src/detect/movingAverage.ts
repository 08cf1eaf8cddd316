/**
 * A value is odd when it is more than a multiple of the moving average: the mean of the window's values before it.
 * While fewer than `MIN_HISTORY` values came before, nothing is judged. An average of 0 makes every value above 0 odd.
 */
import type { Sensitivity } from '../model/anomaly.ts';
import type { Finding } from './method.ts';

/** Multiples of the moving average, as specified. */
const LIMIT: Record<Sensitivity, number> = { low: 3.0, medium: 2.0, high: 1.5 };

/**
 * Values that make an average. The z-score of a window of n values cannot exceed sqrt(n - 1), so it is silent up to 7
 * values at the default sensitivity; this method has no such bound of its own and borrows it.
 */
export const MIN_HISTORY = 7;

export function movingAverage(values: Float64Array, sensitivity: Sensitivity, judgeFrom: number): Finding[] {
  const limit = LIMIT[sensitivity];
  const findings: Finding[] = [];
  // Welford's running mean and sum of squared distances: one pass, and no cancellation for large, close values.
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const high = mean * limit;
    if (index >= judgeFrom && index >= MIN_HISTORY && value > high) {
      findings.push({
        index,
        low: 0,
        high,
        excess: mean > 0 ? (value - mean) / (high - mean) : Number.POSITIVE_INFINITY,
        confidence: confidenceOf(value - mean, squares / index, index),
      });
    }
    const distance = value - mean;
    mean += distance / (index + 1);
    squares += distance * (value - mean);
  }
  return findings;
}

/**
 * Cantelli's inequality, which holds for every distribution: at most variance / (variance + distance^2) of the values
 * lie this far above the mean. `history` values cannot vouch for more than history / (history + 1).
 */
function confidenceOf(distance: number, variance: number, history: number): number {
  const squared = distance * distance;
  return Math.min(squared / (squared + variance), history / (history + 1));
}
