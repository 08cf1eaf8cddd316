/**
 * A back-test: forecasts from points of the past, with nothing known of what follows them. Errors are scaled by that of the
 * seasonal naive forecast within what was known (MASE, Hyndman and Koehler 2006), so that series can be averaged.
 */

export interface Asked {
  /** NaN where there is none. */
  known: Float64Array;
  stepMs: number;
  /** Ahead. */
  steps: number;
}

/** The middle, and the edges of the 95 % interval where there is one, per step. */
export interface Answered {
  middle: Float64Array;
  low?: Float64Array | undefined;
  high?: Float64Array | undefined;
}

export type Forecaster = (asked: Asked) => Answered;

export interface Plan {
  steps: number;
  /** Steps of a cycle. */
  period: number;
  origins: readonly number[];
  /** What is given of the past at most, in steps. */
  maxKnown: number;
}

export interface Score {
  mase: number;
  /** Share of what happened that was within the interval. */
  coverage: number;
  /** Mean width of the interval, scaled like the MASE. */
  width: number;
}

/** @param origins how many, evenly from the first that has `maxKnown` before it to the last that has `steps` after it */
export function planOf(length: number, { origins, ...plan }: Omit<Plan, 'origins'> & { origins: number }): Plan {
  const span = length - plan.steps - plan.maxKnown;
  const at = Array.from({ length: origins }, (_, i) => plan.maxKnown + Math.floor((i * span) / (origins - 1)));
  return { ...plan, origins: [...new Set(at)] };
}

/** @returns undefined where an error cannot be scaled: what was known repeats exactly */
export function score(values: Float64Array, stepMs: number, plan: Plan, forecaster: Forecaster): Score | undefined {
  let [error, width, within, count] = [0, 0, 0, 0];
  for (const origin of plan.origins) {
    const known = values.slice(origin - plan.maxKnown, origin);
    const scale = naiveError(known, plan.period);
    if (!(scale > SMALLEST_SCALE)) return undefined;
    const { middle, low, high } = forecaster({ known, stepMs, steps: plan.steps });
    for (let i = 0; i < plan.steps; i++) {
      const actual = values[origin + i]!;
      if (Number.isNaN(actual)) continue;
      count++;
      error += Math.abs(actual - middle[i]!) / scale;
      if (low === undefined || high === undefined) continue;
      width += (high[i]! - low[i]!) / scale;
      const rounding = 1e-9 * Math.abs(actual);
      if (actual >= low[i]! - rounding && actual <= high[i]! + rounding) within++;
    }
  }
  return { mase: error / count, coverage: within / count, width: width / count };
}

const SMALLEST_SCALE = 1e-9;

/** The mean absolute difference between a step and the same of the cycle before. */
function naiveError(known: Float64Array, period: number): number {
  let [sum, count] = [0, 0];
  for (let i = period; i < known.length; i++) {
    const error = Math.abs(known[i]! - known[i - period]!);
    if (Number.isNaN(error)) continue;
    sum += error;
    count++;
  }
  return sum / count;
}
