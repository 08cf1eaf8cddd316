/** Buckets between bounds that a sender chose. */
import { type BucketSet, checkCounts, difference, totalOf } from './buckets.ts';
import { MAX_VALUE } from './format.ts';

/** More than anybody chooses by hand. */
export const MAX_BOUNDS = 1_000;

export class ExplicitBuckets implements BucketSet {
  readonly layout = 'explicit';
  readonly count: number;

  /**
   * @param bounds upper edges, ascending; the last bucket has none
   * @param counts one more than bounds
   * @throws RangeError when they are not so
   */
  constructor(
    readonly bounds: readonly number[],
    readonly counts: readonly number[],
  ) {
    checkBounds(bounds);
    if (counts.length !== bounds.length + 1) {
      throw new RangeError(`${counts.length} bucket counts for ${bounds.length} bounds: one more`);
    }
    checkCounts(counts);
    this.count = totalOf(counts);
  }

  forEach(visit: (lower: number, upper: number, count: number) => void): void {
    for (const [i, count] of this.counts.entries()) {
      if (count > 0) visit(this.bounds[i - 1] ?? 0, this.bounds[i] ?? Number.POSITIVE_INFINITY, count);
    }
  }

  /** Where bounds differ, only those that both have are left: every count then lies between bounds it was counted by. */
  merge(other: ExplicitBuckets): ExplicitBuckets {
    const theirs = new Set(other.bounds);
    const common = this.bounds.filter((bound) => theirs.has(bound));
    const [mine, added] = [this.#countsWithin(common), other.#countsWithin(common)];
    return new ExplicitBuckets(
      common,
      mine.map((count, i) => count + added[i]!),
    );
  }

  since(earlier: ExplicitBuckets): ExplicitBuckets | undefined {
    const { bounds } = earlier;
    if (bounds.length !== this.bounds.length || bounds.some((bound, i) => bound !== this.bounds[i])) return undefined;
    const counts = difference(this.counts, earlier.counts);
    return counts && new ExplicitBuckets(this.bounds, counts);
  }

  /** @param bounds some of ours */
  #countsWithin(bounds: readonly number[]): number[] {
    if (bounds.length === this.bounds.length) return [...this.counts];
    const counts = new Array<number>(bounds.length + 1).fill(0);
    let at = 0;
    for (const [i, count] of this.counts.entries()) {
      counts[at]! += count;
      if (at < bounds.length && this.bounds[i] === bounds[at]) at++;
    }
    return counts;
  }
}

function checkBounds(bounds: readonly number[]): void {
  if (bounds.length > MAX_BOUNDS) throw new RangeError(`${bounds.length} bounds: at most ${MAX_BOUNDS}`);
  let previous = Number.NEGATIVE_INFINITY;
  for (const bound of bounds) {
    if (!(bound > previous && bound >= 0 && bound <= MAX_VALUE)) {
      throw new RangeError(`bound ${bound} after ${previous}: ascending, from zero up`);
    }
    previous = bound;
  }
}
