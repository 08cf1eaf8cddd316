/**
 * Buckets as a sender counted them. What is in one is spread evenly between its edges, for all anybody knows. Sets are
 * never changed: merging makes a new one.
 */

/** Counts of samples by ranges of values. Values are never negative. */
export interface BucketSet {
  /** Sets of the same layout become one when they are merged; the others stand side by side. */
  readonly layout: string;
  readonly count: number;
  /** Buckets that hold something, ascending. An upper edge belongs to its bucket; it may be infinite. */
  forEach(visit: (lower: number, upper: number, count: number) => void): void;
  /** @param other of the same layout */
  merge(other: BucketSet): BucketSet;
  /** What came after `earlier`, which has the same layout; undefined when `earlier` is no beginning of this. */
  since(earlier: BucketSet): BucketSet | undefined;
}

export function totalOf(counts: readonly number[]): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** @throws RangeError unless all are whole and from zero up, and so is their sum */
export function checkCounts(counts: readonly number[]): void {
  for (const count of counts) {
    if (!(Number.isSafeInteger(count) && count >= 0)) throw new RangeError(`bucket count ${count}: a count`);
  }
  if (!Number.isSafeInteger(totalOf(counts))) throw new RangeError('bucket counts: more than 2^53 samples');
}

/** Element by element; undefined when one would fall below zero. */
export function difference(counts: readonly number[], earlier: readonly number[]): number[] | undefined {
  const rest = counts.map((count, i) => count - (earlier[i] ?? 0));
  return rest.every((count) => count >= 0) ? rest : undefined;
}
