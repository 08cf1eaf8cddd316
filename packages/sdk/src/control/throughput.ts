/**
 * How many calls of a tool end well per millisecond while others wait, from the moments at which they ended. Calls of a
 * pool or a lock end in bursts, and a plain count over a short span is off by a burst at either end. So each is weighted by
 * a von Hann window over the span, which fades both ends out: Harris, "On the use of windows for harmonic analysis with the
 * discrete Fourier transform", Proceedings of the IEEE 66(1), 1978, page 60.
 */

const MAX_MOMENTS = 4_096;
const LEAST_WEIGHT = 0.5;

export class Throughput {
  #moments = new Float64Array(64);
  #count = 0;
  /** Time that counts, so far: only while others wait does the limit decide how much is done. */
  #busyMs = 0;

  get completions(): number {
    return this.#count;
  }

  get busyMs(): number {
    return this.#busyMs;
  }

  get isFull(): boolean {
    return this.#count === MAX_MOMENTS;
  }

  /** Time went by in which calls were waiting. */
  advance(byMs: number): void {
    this.#busyMs += byMs;
  }

  /** A call has ended well, now. */
  complete(): void {
    if (this.isFull) return;
    if (this.#count === this.#moments.length) this.#grow();
    this.#moments[this.#count++] = this.#busyMs;
  }

  /** Calls per millisecond: above zero where time went by, because none is known to be done only for so long. */
  perMs(): number {
    if (this.#busyMs === 0) return 0;
    let weight = 0;
    for (let i = 0; i < this.#count; i += 1) {
      weight += 1 - Math.cos((2 * Math.PI * this.#moments[i]!) / this.#busyMs);
    }
    return Math.max(weight, LEAST_WEIGHT) / this.#busyMs;
  }

  reset(): void {
    this.#count = 0;
    this.#busyMs = 0;
  }

  #grow(): void {
    const larger = new Float64Array(this.#moments.length * 2);
    larger.set(this.#moments);
    this.#moments = larger;
  }
}
