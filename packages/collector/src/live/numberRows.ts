/** Rows of numbers in one array that grows: an object for each window would take several times the memory, and be work for the collector of garbage. */

const FIRST_ROWS = 64;

/** Room is made for so much more than there is: half of a doubled array would be empty. */
const GROWTH = 1.25;

export class NumberRows {
  #values: Float64Array<ArrayBuffer>;
  #length = 0;

  /** @param width numbers a row has */
  constructor(
    readonly width: number,
    expectedRows = FIRST_ROWS,
  ) {
    this.#values = new Float64Array(width * Math.max(FIRST_ROWS, Math.ceil(expectedRows)));
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  /** All numbers, row by row; those of the rows that there are not yet are 0. Good until a row is added. */
  get values(): Float64Array {
    return this.#values;
  }

  /** Adds a row; its numbers go to `values` from the place that is returned. */
  add(): number {
    const at = this.#length * this.width;
    if (at === this.#values.length) {
      const larger = new Float64Array(this.width * Math.ceil(this.#length * GROWTH));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#length += 1;
    return at;
  }
}
