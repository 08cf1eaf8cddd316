/** What a series was like at each time of the last days, in blocks of ten minutes. */
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';

const BLOCK_MS = 10 * MINUTE_MS;
export const BLOCKS_PER_DAY = DAY_MS / BLOCK_MS;
/** A week, so that what happens on one day of it is known. */
const DAYS = 7;
const BLOCKS = BLOCKS_PER_DAY * DAYS;

export function blockAt(atMs: number): number {
  return Math.floor(atMs / BLOCK_MS);
}

/** Means with their weights. A block that is not known, too old or yet to come has weight 0. */
export class Blocks {
  private readonly means = new Float32Array(BLOCKS);
  private readonly weights = new Float32Array(BLOCKS);
  private newest = -1;

  /** Blocks are set in order, or again. */
  set(block: number, mean: number, weight: number): void {
    for (let skipped = Math.max(this.newest + 1, block - BLOCKS + 1); skipped < block; skipped += 1)
      this.weights[skipped % BLOCKS] = 0;
    this.newest = Math.max(this.newest, block);
    this.means[block % BLOCKS] = mean;
    this.weights[block % BLOCKS] = weight;
  }

  forget(block: number): void {
    if (this.weightOf(block) > 0) this.weights[block % BLOCKS] = 0;
  }

  /** Moves all means. */
  translate(by: number): void {
    for (let i = 0; i < BLOCKS; i += 1) this.means[i]! += by;
  }

  weightOf(block: number): number {
    const isKept = block >= 0 && block <= this.newest && block > this.newest - BLOCKS;
    return isKept ? this.weights[block % BLOCKS]! : 0;
  }

  /** Only of a block with weight. */
  meanOf(block: number): number {
    return this.means[block % BLOCKS]!;
  }

  /** Weighted mean of some blocks, ends included. */
  between(first: number, last: number, maxWeight = Number.POSITIVE_INFINITY): { mean: number; weight: number } {
    let weight = 0;
    let weighted = 0;
    for (let block = first; block <= last; block += 1) {
      const own = Math.min(maxWeight, this.weightOf(block));
      if (own === 0) continue;
      weight += own;
      weighted += own * this.meanOf(block);
    }
    return { mean: weight > 0 ? weighted / weight : 0, weight };
  }
}

/** The block at the same time on each day before that can be known. */
export function sameTimeBefore(block: number): number[] {
  return Array.from({ length: DAYS - 1 }, (_, i) => block - (i + 1) * BLOCKS_PER_DAY);
}
