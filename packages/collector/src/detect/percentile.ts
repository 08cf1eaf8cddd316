/**
 * A value is odd when it is above a percentile of the window. The specification says "P95 (or P99 for high
 * sensitivity)": the more sensitive setting is the stricter one. It is kept as written. By construction up to one value
 * in twenty (or in a hundred) is odd, whatever the data; windows of fewer than 20 (or 100) values have none, nor has a
 * constant window.
 */
import type { Sensitivity } from '../model/anomaly.ts';
import type { Finding } from './method.ts';

const LIMIT_PERCENT: Record<Sensitivity, number> = { low: 95, medium: 95, high: 99 };

/** Confidence is the value's empirical rank: the share of the window's values below it. */
export function percentile(values: Float64Array, sensitivity: Sensitivity, judgeFrom: number): Finding[] {
  const sorted = values.slice().sort();
  const high = nearestRank(sorted, LIMIT_PERCENT[sensitivity]);
  const middle = nearestRank(sorted, 50);
  const findings: Finding[] = [];
  for (let index = judgeFrom; index < values.length; index++) {
    const value = values[index]!;
    if (!(value > high)) continue;
    findings.push({
      index,
      low: sorted[0]!,
      high,
      excess: high > middle ? (value - middle) / (high - middle) : Number.POSITIVE_INFINITY,
      confidence: countBelow(sorted, value) / sorted.length,
    });
  }
  return findings;
}

/** The smallest value that at least `percent` of the values do not exceed; NaN of nothing. */
function nearestRank(sorted: Float64Array, percent: number): number {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? Number.NaN;
}

function countBelow(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
