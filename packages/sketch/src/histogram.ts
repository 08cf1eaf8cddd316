/**
 * A histogram as somebody else counted it, kept as what it is: how many samples lay between which edges. Within a bucket
 * nothing is known, so a quantile is right to the width of its bucket. Histograms are merged without further loss:
 * buckets between the same explicit bounds are added, between different ones joined to the bounds that both have;
 * exponential ones are brought to the lower of two scales; explicit and exponential ones stay side by side. A histogram
 * is never changed: merging makes a new one.
 */
import type { BucketSet } from './buckets.ts';
import { decodeHistogram } from './decodeHistogram.ts';
import { encodeHistogram } from './encodeHistogram.ts';
import { ExplicitBuckets } from './explicitBuckets.ts';
import { ExponentialBuckets, type ExponentialCounts } from './exponentialBuckets.ts';
import { MAX_VALUE } from './format.ts';
import { Segments } from './segments.ts';
import { rankOf, type Sketch } from './sketch.ts';

/** What a sender says of all samples besides the buckets; absent: it is taken from the buckets. */
export interface KnownFigures {
  sum?: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
}

export class Histogram implements Sketch {
  readonly count: number;
  readonly sum: number;
  /**
   * No sample is less; the least sample itself where the sender said so, else the lower edge of its bucket. NaN when empty.
   */
  readonly min: number;
  /**
   * No sample is greater; the greatest itself where the sender said so, else the upper edge of its bucket. Of the last
   * explicit bucket, which has none: its lower edge, or the mean where that is greater. NaN when empty.
   */
  readonly max: number;
  /** In the order of their layouts; none is empty. */
  readonly sets: readonly BucketSet[];

  private constructor(sets: readonly BucketSet[], known: KnownFigures) {
    this.sets = sets.filter(({ count }) => count > 0).sort((a, b) => (a.layout < b.layout ? -1 : 1));
    this.count = this.sets.reduce((sum, { count }) => sum + count, 0);
    const { min, max, sum } = settle(this.sets, this.count, known);
    this.min = min;
    this.max = max;
    this.sum = sum;
  }

  /**
   * @param bounds upper edges in ms, ascending, from zero up; the last bucket has none
   * @param counts one more than bounds; a single one says nothing of the distribution
   * @throws RangeError for what cannot be
   */
  static explicit(bounds: readonly number[], counts: readonly number[], known: KnownFigures = {}): Histogram {
    return new Histogram([new ExplicitBuckets(bounds, counts)], known);
  }

  /**
   * @param known in ms, whatever the unit of the buckets is
   * @throws RangeError for what cannot be
   */
  static exponential(counts: ExponentialCounts, known: KnownFigures = {}): Histogram {
    return new Histogram([new ExponentialBuckets(counts)], known);
  }

  /** The histogram of all samples of all `histograms`. */
  static merge(histograms: Iterable<Histogram>): Histogram {
    const sets = new Map<string, BucketSet>();
    let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const histogram of histograms) {
      if (histogram.count === 0) continue;
      count += histogram.count;
      sum += histogram.sum;
      min = Math.min(min, histogram.min);
      max = Math.max(max, histogram.max);
      for (const set of histogram.sets) sets.set(set.layout, sets.get(set.layout)?.merge(set) ?? set);
    }
    return new Histogram([...sets.values()], count === 0 ? {} : { sum, min, max });
  }

  /** @throws SketchFormatError when `bytes` are anything but what `toBytes` makes */
  static fromBytes(bytes: Uint8Array): Histogram {
    const { sets, ...known } = decodeHistogram(bytes);
    return new Histogram(sets, known);
  }

  toBytes(): Uint8Array {
    return encodeHistogram(this);
  }

  /** What came after `earlier`; undefined when `earlier` is no beginning of this, so that counting began anew. */
  since(earlier: Histogram): Histogram | undefined {
    const layouts = new Set(this.sets.map(({ layout }) => layout));
    if (earlier.sets.some(({ layout }) => !layouts.has(layout))) return undefined;
    const sets: BucketSet[] = [];
    for (const set of this.sets) {
      const before = earlier.sets.find(({ layout }) => layout === set.layout);
      const rest = before === undefined ? set : set.since(before);
      if (rest === undefined) return undefined;
      sets.push(rest);
    }
    // All samples lie within this one's ends; where those have moved, they are samples that came since.
    const edges = edgesOf(sets.filter(({ count }) => count > 0));
    if (edges === undefined) return new Histogram([], {});
    return new Histogram(sets, {
      sum: this.sum - (earlier.count === 0 ? 0 : earlier.sum),
      min: Math.max(this.min, edges.lowest),
      max: Math.min(this.max, edges.highest),
    });
  }

  quantile(q: number): number {
    const rank = rankOf(q, this.count);
    if (this.count === 0) return Number.NaN;
    if (q === 0 || q === 1) return q === 0 ? this.min : this.max;
    return this.segments().valueAt(rank - 0.5);
  }

  countAbove(value: number): number {
    return this.count - Math.round(this.segments().countUpTo(value));
  }

  /** The middle of each bucket. */
  forEach(visit: (value: number, n: number) => void): void {
    this.forEachBucket((lower, upper, count) => visit((lower + upper) / 2, count));
  }

  /** Buckets that hold something, within the least and the greatest sample; an upper edge belongs to its bucket. */
  forEachBucket(visit: (lower: number, upper: number, count: number) => void): void {
    const within = (value: number) => Math.min(this.max, Math.max(this.min, value));
    for (const set of this.sets) {
      set.forEach((lower, upper, count) => {
        visit(within(lower), within(upper), count);
      });
    }
  }

  /** To be added to by whoever knows of more samples. */
  segments(): Segments {
    const segments = new Segments();
    this.forEachBucket((lower, upper, count) => segments.add(lower, upper, count));
    return segments;
  }
}

/** The outermost edges of buckets that hold something, and what the sum would be if all samples were in the middle. */
function edgesOf(sets: readonly BucketSet[]): { lowest: number; highest: number; middles: number } | undefined {
  let [lowest, highest, middles] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const set of sets) {
    set.forEach((lower, upper, count) => {
      lowest = Math.min(lowest, lower);
      highest = Math.max(highest, upper);
      middles += count * (Number.isFinite(upper) ? (lower + upper) / 2 : lower);
    });
  }
  return lowest > highest ? undefined : { lowest, highest, middles };
}

/** All three figures, such that they can be true of the same samples. */
function settle(
  sets: readonly BucketSet[],
  count: number,
  known: KnownFigures,
): Required<Record<keyof KnownFigures, number>> {
  const edges = edgesOf(sets);
  if (edges === undefined) return { sum: 0, min: Number.NaN, max: Number.NaN };
  const sum = Math.max(0, known.sum ?? edges.middles);
  const min = Math.min(MAX_VALUE, Math.max(0, known.min ?? edges.lowest));
  const highest = Number.isFinite(edges.highest) ? edges.highest : Math.max(lastLower(sets), sum / count);
  const max = Math.min(MAX_VALUE, Math.max(min, known.max ?? highest));
  return { min, max, sum: Math.min(count * max, Math.max(count * min, sum)) };
}

function lastLower(sets: readonly BucketSet[]): number {
  let last = 0;
  for (const set of sets)
    set.forEach((lower) => {
      last = Math.max(last, lower);
    });
  return last;
}
