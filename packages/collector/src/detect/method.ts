/**
 * What every detection method is: a pure function over one column of minute values. It knows neither time nor names,
 * so that a new method is one more file and one more line in `METHODS` of `evaluate.ts`.
 */
import type { Sensitivity } from '../model/anomaly.ts';

/** One value that a method finds odd. */
export interface Finding {
  /** Index into the column. */
  index: number;
  /** The range the method expected, in the unit of the value; `low` is never negative. */
  low: number;
  high: number;
  /** Distance from what was expected, in multiples of the distance that is still allowed; always above 1. */
  excess: number;
  /** 0 to 1; how each method derives it is said in its file. */
  confidence: number;
}

/**
 * Judges the values from index `judgeFrom` on against the whole column; the ones before are context.
 * The column holds finite numbers only, in order of time.
 */
export type Method = (values: Float64Array, sensitivity: Sensitivity, judgeFrom: number) => Finding[];
