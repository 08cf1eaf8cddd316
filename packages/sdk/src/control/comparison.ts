/**
 * What is known of one limit beside another: how much more or less was done, as logarithms, from several trials that are
 * weighted by how sure each of them is.
 */

export class Comparison {
  #trials = 0;
  #weight = 0;
  #weighted = 0;

  get trials(): number {
    return this.#trials;
  }

  /** 0.05 for 5 % more; 0 as long as nothing is known. */
  get gain(): number {
    return this.#trials === 0 ? 0 : this.#weighted / this.#weight;
  }

  /** Standard error of the gain; infinite as long as nothing is known. */
  get error(): number {
    return 1 / Math.sqrt(this.#weight);
  }

  /** @param variance of this one gain, above zero */
  add(gain: number, variance: number): void {
    this.#trials += 1;
    this.#weight += 1 / variance;
    this.#weighted += gain / variance;
  }

  reset(): void {
    this.#trials = 0;
    this.#weight = 0;
    this.#weighted = 0;
  }
}
