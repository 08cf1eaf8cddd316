/**
 * How far the newest stretch of a series is from the nearest that was there before: the left matrix profile, brought up to
 * date with each value. Distances are Euclidean and not normalised, since the level of a metric is part of what it says.
 * After Yeh et al., "Matrix Profile I" (2016); the running sums are those of its STOMP, for one side only.
 */

export class PastWindows {
  /** The newest values, oldest first once it has wrapped. */
  readonly #values: Float64Array;
  /** By lag: sum of squared differences between the newest window and the one that long before. */
  readonly #sums: Float64Array;
  #seen = 0;

  /**
   * @param width values of a window
   * @param history values that are remembered
   */
  constructor(
    readonly width: number,
    history: number,
  ) {
    this.#values = new Float64Array(history);
    this.#sums = new Float64Array(history);
  }

  /** @returns root of the mean squared distance to the nearest earlier window that does not overlap; 0 while there is none */
  add(value: number): number {
    const { width } = this;
    const size = this.#values.length;
    this.#values[this.#seen % size] = value;
    const newest = this.#seen;
    this.#seen += 1;
    const maxLag = Math.min(newest, size - width - 1);
    let nearest = Number.POSITIVE_INFINITY;
    for (let lag = width; lag <= maxLag; lag += 1) {
      let sum = this.#sums[lag]! + (value - this.#at(newest - lag)) ** 2;
      const leaving = newest - width;
      if (leaving - lag >= 0 && newest - (leaving - lag) < size)
        sum -= (this.#at(leaving) - this.#at(leaving - lag)) ** 2;
      this.#sums[lag] = sum;
      if (newest - lag >= width - 1 && sum < nearest) nearest = sum;
    }
    return nearest === Number.POSITIVE_INFINITY ? 0 : Math.sqrt(Math.max(0, nearest) / width);
  }

  #at(index: number): number {
    return this.#values[index % this.#values.length]!;
  }
}
