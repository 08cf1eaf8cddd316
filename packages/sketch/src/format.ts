/**
 * What both directions of the byte form know; the form itself is described for other languages in docs/wire-format.md.
 * Means are written as the differences of ascending whole ticks, a tick being a microsecond for durations: shorter than
 * floats, and exact for clocks that count in microseconds. Values too small for that are written in nanoseconds, and
 * what fits neither as float64.
 */

export interface DigestContent {
  /** Ascending. */
  means: Float64Array;
  /** As many; absent when every weight is 1. Negative: see compress.ts. */
  weights: Float64Array | undefined;
  sum: number;
}

/** In the high half of the first byte. The low half: two bits of unit, then the flags. */
export const VERSION = 1;
/** In the same place: other sketches have other numbers. */
export const HISTOGRAM_VERSION = 2;
export const MIXTURE_VERSION = 3;
/** First byte of a set of buckets with explicit bounds; exponential ones follow, by unit. */
export const EXPLICIT_SET = 0;

export const UNIT_MASK = 3;
export const WEIGHTED = 4;
export const SUMMARY = 8;

/** Ticks per value of 1 (a millisecond, for durations) by unit number. Number 0 is float64; 3 is not in use. */
export const TICKS_PER_VALUE: readonly (number | undefined)[] = [undefined, 1e3, 1e6];

/** Twice as much, and a difference of two, are still integers that a JavaScript number holds exactly. */
export const MAX_TICKS = 2 ** 51;

/** Bound of the samples, far from where a sum of them would become infinite. */
export const MAX_VALUE = 1e280;

/** The sum of all samples, added up in ascending order: the same for the same clusters, however they came together. */
export function sumOf(means: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < means.length; i++) sum += weights ? means[i]! * Math.abs(weights[i]!) : means[i]!;
  return sum;
}

/** The number of all samples. */
export function countOf({ means, weights }: Pick<DigestContent, 'means' | 'weights'>): number {
  return weights ? weights.reduce((count, weight) => count + Math.abs(weight), 0) : means.length;
}
