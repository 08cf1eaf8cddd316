/**
 * Exponential histograms as OpenTelemetry has them, made from sketches. Bucket i holds values above base^i and up to
 * base^(i + 1), the base being 2^(2^-scale): every bucket is as wide in proportion, so a quantile read from it is off by
 * less than the base, and two histograms of different scales merge without a guess.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
import { ExponentialBuckets, type Sketch } from '@mcp-vitals/sketch';

export interface ExponentialHistogram {
  scale: number;
  /** Of values that are 0 or less. */
  zeroCount: number;
  /** Index of the first of `counts`. */
  offset: number;
  counts: readonly number[];
}

/** What SDKs use by default, and what receivers are made for. */
export const MAX_BUCKETS = 160;

/** Buckets 0.07 % wide: finer than sketches are. */
const MAX_SCALE = 10;
/** One bucket for all that is greater than 1, one for the rest: always few enough. */
const MIN_SCALE = -10;

/**
 * The counts are whole numbers and add up to `sketch.count`.
 * @param unitsPerSample what one unit of a sample is in that of the histogram: 1 / 1000 for milliseconds in seconds
 */
export function exponentialOf(sketch: Sketch, unitsPerSample: number): ExponentialHistogram {
  const positive = sketch.countAbove(0);
  const zeroCount = sketch.count - positive;
  if (positive === 0) return { scale: MAX_SCALE, zeroCount, offset: 0, counts: [] };
  const { scale, first, last } = fittingScale(leastPositive(sketch) * unitsPerSample, sketch.max * unitsPerSample);
  const counts: number[] = [];
  let above = positive;
  for (let index = first; index <= last; index++) {
    // The last bucket takes the rest: rounding of its upper bound must lose nothing.
    const beyond = index === last ? 0 : sketch.countAbove(upperBound(index, scale) / unitsPerSample);
    const rest = Math.min(above, beyond);
    counts.push(above - rest);
    above = rest;
  }
  return { scale, zeroCount, offset: first, counts };
}

export function mergeExponential(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  const { scale, zeroCount, offset, counts } = bucketsOf(a).merge(bucketsOf(b)).content;
  return { scale, zeroCount, offset, counts };
}

/** The unit is the histogram's own, whichever that is: edges are not asked for. */
function bucketsOf(histogram: ExponentialHistogram): ExponentialBuckets {
  return new ExponentialBuckets({ ...histogram, unitMs: 1, zeroThreshold: 0 });
}

export function countOf({ zeroCount, counts }: ExponentialHistogram): number {
  return counts.reduce((sum, count) => sum + count, zeroCount);
}

/** The largest value that bucket `index` holds. */
export function upperBound(index: number, scale: number): number {
  return 2 ** ((index + 1) * 2 ** -scale);
}

function indexOf(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}

function fittingScale(least: number, greatest: number): { scale: number; first: number; last: number } {
  let scale = MAX_SCALE;
  while (scale > MIN_SCALE && indexOf(greatest, scale) - indexOf(least, scale) >= MAX_BUCKETS) scale--;
  return { scale, first: indexOf(least, scale), last: indexOf(greatest, scale) };
}

function leastPositive(sketch: Sketch): number {
  if (sketch.min > 0) return sketch.min;
  let least = sketch.max;
  sketch.forEach((mean) => {
    if (mean > 0 && mean < least) least = mean;
  });
  return least;
}
