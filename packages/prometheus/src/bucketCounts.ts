/** The one place where samples of a window become counts of buckets. */
import { sketchOf } from '@mcp-vitals/sketch';
import type { Window } from '@mcp-vitals/wire/encode';

/** What is needed of a window to count it. */
export type CountedWindow = Pick<Window, 'digest' | 'histogram'>;

/**
 * How many samples are at most each bound, in whole numbers that never fall from bound to bound. Exact where the digest
 * holds the samples themselves; inside a cluster of samples that differ, or a bucket of the sender's, it is an estimate.
 * @param bounds ascending, in the unit of the samples
 * @param into receives the counts, one for each bound
 */
export function addBucketCounts(window: CountedWindow, bounds: readonly number[], into: Float64Array): void {
  const sketch = sketchOf(window);
  const { count } = sketch;
  if (count === 0) return;
  const { min, max } = sketch;
  for (let i = 0; i < bounds.length; i++) {
    const bound = bounds[i]!;
    // Most windows lie between two bounds; the sketch is asked only about those that divide it.
    if (bound >= max) into[i]! += count;
    else if (bound >= min) into[i]! += count - sketch.countAbove(bound);
  }
}
