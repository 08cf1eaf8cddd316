/** Rows of numbers in one array that grows: a window as an object would take ten times the memory, and time to collect. */

const FIRST_ROWS = 64;

export class NumberRows {
  #values: Float64Array<ArrayBuffer>;
  #length = 0;

  /** @param width numbers a row has */
  constructor(
    readonly width: number,
    expectedRows = FIRST_ROWS,
  ) {
    this.#values = new Float64Array(width * Math.max(FIRST_ROWS, expectedRows));
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  /** Where the numbers of a new row go: `row[at]` and the following. */
  add(): { values: Float64Array; at: number } {
    const at = this.#length * this.width;
    if (at === this.#values.length) {
      const larger = new Float64Array(2 * this.#values.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#length += 1;
    return { values: this.#values, at };
  }

  get(row: number, column: number): number {
    return this.#values[row * this.width + column]!;
  }
}
