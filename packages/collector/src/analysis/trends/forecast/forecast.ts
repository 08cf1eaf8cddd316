/** How a series goes on, and between what: the middle of what may come, and quantiles around it, step by step. */
import { combine } from './combine.ts';
import { errorModel } from './intervals.ts';

export interface ForecastInput {
  /** Equal steps; NaN where there is none. */
  values: Float64Array;
  stepMs: number;
  /** How far, in steps. */
  steps: number;
  /** Shares, ascending, each above 0 and below 1. */
  quantiles: readonly number[];
  /** What the values can never be below or above. */
  floor?: number;
  ceiling?: number;
}

/** @returns per quantile a value per step, ascending from quantile to quantile; undefined where there is no value */
export function forecast(input: ForecastInput): Float64Array[] | undefined {
  const {
    values,
    stepMs,
    steps,
    quantiles,
    floor = Number.NEGATIVE_INFINITY,
    ceiling = Number.POSITIVE_INFINITY,
  } = input;
  const first = values.findIndex((value) => !Number.isNaN(value));
  if (first < 0) return undefined;
  const known = values.subarray(first);
  const { values: middle, past } = combine(known, stepMs, steps);
  const errors = errorModel(past, known.length);
  const bounded = (value: number) => Math.min(ceiling, Math.max(floor, value));
  return quantiles.map((share) => {
    const distances = wideningDistances(steps, (lead) => errors.quantile(share, lead), Math.sign(share - 0.5));
    return middle.map((value, i) => bounded(value + distances[i]!));
  });
}

/** What is farther ahead is never known better. @param side -1 below the middle, 1 above it, 0 the middle itself */
function wideningDistances(steps: number, errorAt: (lead: number) => number, side: number): Float64Array {
  let widest = 0;
  return Float64Array.from({ length: steps }, (_, i) => {
    widest = Math.max(widest, side * errorAt(i + 1));
    return side * widest;
  });
}
