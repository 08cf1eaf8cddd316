/** The normal distribution, as far as confidences and tests of significance need it. */

/**
 * How likely a standard normal value is at least as far from 0 as `z`. Abramowitz and Stegun 7.1.26, whose absolute error is below
 * 1.5e-7; far less than anyone reads off a confidence.
 */
export function twoSidedPValue(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.min(1, Math.max(0, series * Math.exp(-x * x)));
}

/** Share of a standard normal distribution within `z` of its mean. */
export function normalCoverage(z: number): number {
  return 1 - twoSidedPValue(z);
}

/** How likely a standard normal value is above `z`. */
export function upperTail(z: number): number {
  const half = twoSidedPValue(z) / 2;
  return z >= 0 ? half : 1 - half;
}

/** Beyond it nothing is told apart: what it leaves is less than the error of the tail. */
const FARTHEST_Z = 5;

/** The value that a standard normal one exceeds with this likelihood, above 0 and at most a half; never above 5. */
export function zOfUpperTail(likelihood: number): number {
  let [low, high] = [0, FARTHEST_Z];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > likelihood) low = middle;
    else high = middle;
  }
  return low;
}
