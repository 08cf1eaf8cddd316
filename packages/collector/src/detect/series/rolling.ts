/** Mean and standard deviation of the newest values. */
export class Rolling {
  readonly #values: Float64Array;
  #seen = 0;
  #sum = 0;
  #squares = 0;

  constructor(readonly width: number) {
    this.#values = new Float64Array(width);
  }

  /** Values that are in it. */
  get count(): number {
    return Math.min(this.#seen, this.width);
  }

  get mean(): number {
    return this.#sum / this.count;
  }

  /** Of the population. */
  get deviation(): number {
    return Math.sqrt(Math.max(0, this.#squares / this.count - this.mean ** 2));
  }

  add(value: number): void {
    const at = this.#seen % this.width;
    if (this.#seen >= this.width) {
      this.#sum -= this.#values[at]!;
      this.#squares -= this.#values[at]! ** 2;
    }
    this.#values[at] = value;
    this.#seen += 1;
    this.#sum += value;
    this.#squares += value ** 2;
    if (at === this.width - 1) this.#recount();
  }

  /** Rounding never builds up. */
  #recount(): void {
    this.#sum = 0;
    this.#squares = 0;
    for (let i = 0; i < this.count; i += 1) {
      this.#sum += this.#values[i]!;
      this.#squares += this.#values[i]! ** 2;
    }
  }
}
