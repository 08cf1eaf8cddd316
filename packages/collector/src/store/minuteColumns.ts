/** The minutes of one series, put together column by column. */
import type { MinuteColumns } from '../model/rollup.ts';

const FIRST_ROOM = 64;
const FIELDS = ['minuteMs', 'calls', 'errors', 'sumMs'] as const;

type Columns = Omit<MinuteColumns, 'series'>;

export class ColumnBuilder {
  #columns: Columns = withRoom(FIRST_ROOM);
  #size = 0;

  /** Adds a minute, or adds to it when it is there: one that was opened again is in a row and in memory. */
  add(minuteMs: number, calls: number, errors: number, sumMs: number): void {
    if (this.#size === this.#columns.minuteMs.length) this.#grow();
    const at = this.#place(minuteMs);
    const own = this.#columns;
    own.calls[at]! += calls;
    own.errors[at]! += errors;
    own.sumMs[at]! += sumMs;
  }

  columns(): Columns {
    const { minuteMs, calls, errors, sumMs } = this.#columns;
    const size = this.#size;
    return {
      minuteMs: minuteMs.subarray(0, size),
      calls: calls.subarray(0, size),
      errors: errors.subarray(0, size),
      sumMs: sumMs.subarray(0, size),
    };
  }

  /** Where the minute is, making a place for it when there is none; nearly always that is the end. */
  #place(minuteMs: number): number {
    const own = this.#columns;
    let at = this.#size;
    while (at > 0 && own.minuteMs[at - 1]! >= minuteMs) at--;
    if (at < this.#size && own.minuteMs[at] === minuteMs) return at;
    for (const field of FIELDS) own[field].copyWithin(at + 1, at, this.#size);
    own.minuteMs[at] = minuteMs;
    own.calls[at] = 0;
    own.errors[at] = 0;
    own.sumMs[at] = 0;
    this.#size++;
    return at;
  }

  #grow(): void {
    const larger = withRoom(2 * this.#size);
    for (const field of FIELDS) larger[field].set(this.#columns[field]);
    this.#columns = larger;
  }
}

function withRoom(minutes: number): Columns {
  const column = () => new Float64Array(minutes);
  return { minuteMs: column(), calls: column(), errors: column(), sumMs: column() };
}
