/**
 * Sums over the newest minutes: a ring of one-minute slots, each a row of counters. Adding is a few additions; what
 * leaves the span is dropped when the minute advances. Totals are summed anew at each advance rather than subtracted,
 * so that rounding never builds up.
 */
export class RollingSums {
  /** Sums over the span, by column. */
  readonly totals: Float64Array;
  readonly #slots: Float64Array;
  readonly #minutes: number;
  /** Number since the epoch of the newest minute. */
  #newest = Number.NEGATIVE_INFINITY;

  constructor(minutes: number, columns: number) {
    this.#minutes = minutes;
    this.totals = new Float64Array(columns);
    this.#slots = new Float64Array(minutes * columns);
  }

  /** Makes `minute` the newest of the span. A minute before the newest changes nothing. */
  advance(minute: number): void {
    if (minute <= this.#newest) return;
    const columns = this.totals.length;
    const first = Math.max(this.#newest + 1, minute - this.#minutes + 1);
    for (let passed = first; passed <= minute; passed++) {
      const at = (passed % this.#minutes) * columns;
      this.#slots.fill(0, at, at + columns);
    }
    this.#newest = minute;
    this.totals.fill(0);
    for (let i = 0; i < this.#slots.length; i++) this.totals[i % columns]! += this.#slots[i]!;
  }

  /** Adds to one column of a minute; a minute that has left the span is ignored. */
  add(minute: number, column: number, amount: number): void {
    if (minute <= this.#newest - this.#minutes) return;
    this.#slots[(minute % this.#minutes) * this.totals.length + column]! += amount;
    this.totals[column]! += amount;
  }

  /** Forgets what a column holds. */
  resetColumn(column: number): void {
    for (let i = column; i < this.#slots.length; i += this.totals.length) this.#slots[i] = 0;
    this.totals[column] = 0;
  }
}
