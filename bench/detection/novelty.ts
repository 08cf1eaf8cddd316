/**
 * The detector of metrics of which nothing is known but their values, as the scorer of the Numenta Anomaly Benchmark wants it:
 * a score from 0 to 1 for each value, from this and earlier values only.
 */
import { Novelty } from '../../packages/collector/src/detect/series/novelty.ts';

export function detect(values: ArrayLike<number>): Float64Array {
  const novelty = new Novelty();
  return Float64Array.from(values, (value) => novelty.add(value));
}
