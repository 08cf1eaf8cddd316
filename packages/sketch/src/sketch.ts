/** What digests, histograms and mixtures of both have in common: questions about samples that are no longer there. */
export interface Sketch {
  /** How many samples. */
  readonly count: number;
  readonly sum: number;
  /** NaN when empty. */
  readonly min: number;
  /** NaN when empty. */
  readonly max: number;
  /**
   * The value that the share `q` of the samples does not exceed; NaN when empty.
   * @throws RangeError unless `q` is from 0 to 1
   */
  quantile(q: number): number;
  /** How many samples are greater than `value`, as far as can be told. */
  countAbove(value: number): number;
  /** Visits values with numbers of samples that are all near them; in ascending order only within a digest. */
  forEach(visit: (value: number, n: number) => void): void;
  /** What `sketchFromBytes` reads. */
  toBytes(): Uint8Array;
}

/**
 * Nearest rank, from 1 to `count`. The subtrahend undoes rounding: 0.07 * 100 is 7.000000000000001, and still the 7th
 * sample is meant.
 * @throws RangeError unless `q` is from 0 to 1
 */
export function rankOf(q: number, count: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile ${q}: 0 to 1`);
  return Math.max(1, Math.ceil(q * count - 1e-9));
}
