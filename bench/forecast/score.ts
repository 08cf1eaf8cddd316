/**
 * A back-test: forecasts from points of the past that the forecaster has not seen beyond. The error is scaled by that of the seasonal naive
 * forecast within what was known (MASE, Hyndman and Koehler 2006), so that series can be averaged.
 */

/** @returns lower edge, middle and upper edge of the 95 % interval, per step; without intervals only the middle */
export type Forecaster = (
  known: Float64Array,
  stepMs: number,
  steps: number,
) => { middle: Float64Array; low?: Float64Array | undefined; high?: Float64Array | undefined };

export interface Plan {
  /** Steps ahead. */
  steps: number;
  /** Steps of the seasonal naive forecast's cycle. */
  period: number;
  origins: readonly number[];
  /** How much before an origin a forecaster is given at most. */
  maxKnown: number;
}

export interface Score {
  mase: number;
  /** Share of what happened that was within the interval. */
  coverage: number;
  /** Width of the interval in the unit of the MASE. */
  width: number;
}

export function score(values: Float64Array, stepMs: number, plan: Plan, forecaster: Forecaster): Score {
  let [error, width, within, count] = [0, 0, 0, 0];
  for (const origin of plan.origins) {
    const known = values.slice(Math.max(0, origin - plan.maxKnown), origin);
    const scale = naiveError(known, plan.period);
    const { middle, low, high } = forecaster(known, stepMs, plan.steps);
    for (let i = 0; i < plan.steps; i++) {
      const actual = values[origin + i]!;
      if (Number.isNaN(actual)) continue;
      count++;
      error += Math.abs(actual - middle[i]!) / scale;
      if (low === undefined || high === undefined) continue;
      width += (high[i]! - low[i]!) / scale;
      // What is equal but for rounding is inside.
      const slack = 1e-9 * Math.max(1, Math.abs(actual));
      if (actual >= low[i]! - slack && actual <= high[i]! + slack) within++;
    }
  }
  return { mase: error / count, coverage: within / count, width: width / count };
}

/** Its mean absolute error from a step to the same of the next cycle; a series without any is not scored. */
export function naiveError(known: Float64Array, period: number): number {
  let [sum, count] = [0, 0];
  for (let i = period; i < known.length; i++) {
    const error = Math.abs(known[i]! - known[i - period]!);
    if (Number.isNaN(error)) continue;
    sum += error;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** The newest value of each phase; where it is missing, the one before. */
export function seasonalNaive(period: number): Forecaster {
  return (known, _stepMs, steps) => {
    const middle = new Float64Array(steps);
    for (let i = 0; i < steps; i++) {
      let from = known.length - period + (i % period);
      while (from >= period && Number.isNaN(known[from]!)) from -= period;
      middle[i] = from >= 0 && !Number.isNaN(known[from]!) ? known[from]! : (known.findLast((v) => !Number.isNaN(v)) ?? 0);
    }
    return { middle };
  };
}
