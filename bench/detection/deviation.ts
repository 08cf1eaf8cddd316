/**
 * The detector of metrics with a daily rhythm, as the scorer of the AIOps KPI data wants it: a score of at least 0 for each value, from
 * this and earlier values only.
 */
import { Deviation } from '../../packages/collector/src/detect/series/deviation.ts';

/** @param timestampsMs at even intervals, but for gaps */
export function detect(values: ArrayLike<number>, timestampsMs: ArrayLike<number>): Float64Array {
  const deviation = new Deviation(timestampsMs[1]! - timestampsMs[0]!);
  return Float64Array.from(values, (value) => deviation.add(value));
}
