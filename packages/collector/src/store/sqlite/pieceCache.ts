/**
 * Sums of rows that were read before. A question about the last 24 hours reads the same 22 or 23 hour rows of every series
 * until the next hour is over, and the same minute rows until the next minute is; merging their digests is most of its cost.
 * Any write to the table empties it.
 */
import type { Accumulator } from '../accumulator.ts';

export interface CachedSum {
  series: number;
  startMs: number;
  sum: Accumulator;
}

/** Digests kept at most, of up to some kilobytes each: a day of 280 series by hour. */
const MAX_SUMS = 8_000;

export class PieceCache {
  readonly #sums = new Map<string, CachedSum[]>();
  #size = 0;

  /** What is cached under the key, else what `read` returns. The sums are shared: nobody may add to them. */
  get(key: string, read: () => CachedSum[]): CachedSum[] {
    const cached = this.#sums.get(key);
    if (cached !== undefined) return cached;
    const made = read();
    if (this.#size + made.length > MAX_SUMS) this.clear();
    if (made.length <= MAX_SUMS) {
      this.#sums.set(key, made);
      this.#size += made.length;
    }
    return made;
  }

  clear(): void {
    this.#sums.clear();
    this.#size = 0;
  }
}
