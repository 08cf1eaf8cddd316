/** Single values far from all around them, which no level, slope or forecast should follow. */
import { median } from '../../model/median.ts';

/** Steps to either side; what lasts longer than half of all of them is no spike. */
const REACH = 6;

/**
 * Draws near what is more than `farthest` standard deviations from the median around it. A new level stays, but for its first
 * three steps, as long as nothing follows them.
 * @param values none of them NaN @param deviation of noise, see `deviationOf`
 */
export function withoutSpikes(values: Float64Array, deviation: number, farthest: number): Float64Array {
  const most = farthest * deviation;
  let isJump = false;
  return values.map((value, i) => {
    isJump = i === 0 || isJump || Math.abs(value - values[i - 1]!) > most;
    if (!isJump) return value;
    const around = median(values.subarray(Math.max(0, i - REACH), i + REACH + 1));
    isJump = Math.abs(value - around) > most;
    return Math.min(around + most, Math.max(around - most, value));
  });
}

/** The standard deviation of the differences over so many steps, robust: 1.4826 median distances, where they are normal. */
export function spreadOfDifferences(values: Float64Array, lag: number): number {
  if (values.length <= lag) return 0;
  const differences = values.subarray(lag).map((value, i) => value - values[i]!);
  const middle = median(differences);
  return 1.4826 * median(differences.map((value) => Math.abs(value - middle)));
}

/** Of noise without memory. */
export function deviationOf(values: Float64Array): number {
  return spreadOfDifferences(values, 1) / Math.SQRT2;
}
