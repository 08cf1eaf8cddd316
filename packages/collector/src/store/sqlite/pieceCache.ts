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
  #version = 0;

  /** Another one after each write: what was read in steps is worth keeping where it is the same before and after. */
  get version(): number {
    return this.#version;
  }

  /** The sums are shared: nobody may add to them. */
  get(key: string): readonly CachedSum[] | undefined {
    return this.#sums.get(key);
  }

  /** @param version of before the sums were read */
  set(key: string, sums: CachedSum[], version: number): void {
    if (version !== this.#version || sums.length > MAX_SUMS) return;
    if (this.#size + sums.length > MAX_SUMS) this.#forget();
    this.#sums.set(key, sums);
    this.#size += sums.length;
  }

  clear(): void {
    this.#version += 1;
    this.#forget();
  }

  #forget(): void {
    this.#sums.clear();
    this.#size = 0;
  }
}
