/** A statistic against its own record, which fades: what was extreme long ago does not hide what is extreme now. */
export class FadingRecord {
  #record = 0;
  readonly #keep: number;

  /** @param memory values after which a record has fallen to a third */
  constructor(memory: number) {
    this.#keep = 1 - 1 / memory;
  }

  get value(): number {
    return this.#record;
  }

  /** @returns the value in multiples of the record so far; 0 while there is none */
  add(value: number): number {
    const ratio = this.#record > 0 ? value / this.#record : 0;
    this.#record = Math.max(this.#record * this.#keep, value);
    return ratio;
  }
}
