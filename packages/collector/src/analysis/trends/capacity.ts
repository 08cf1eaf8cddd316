/**
 * When a limit is reached: the first day whose median is at it, on each path of the forecast from the highest tenth to the lowest. A
 * day, for an hour is often beyond a limit that its day is far from, and the first of many hours is mostly a matter of chance.
 */
import { median } from '../../model/median.ts';
import { DAY_MS } from '../../model/rollup.ts';
import type { Capacity, TrendForecast } from '../../model/trends.ts';

/** @param values what was until the forecast begins */
export function capacityOf(values: Float64Array, forecast: TrendForecast, limit: number): Capacity {
  const reachedAt = (path: Float64Array) => {
    const perDay = Math.max(1, Math.round(DAY_MS / forecast.stepMs));
    for (let from = 0; from < path.length; from += perDay) {
      if (median(path.subarray(from, from + perDay)) >= limit) return forecast.startMs + from * forecast.stepMs;
    }
    return null;
  };
  const isBeyond = latestOf(values, forecast.stepMs) >= limit;
  const [earliestMs, likelyMs, latestMs] = [forecast.high80, forecast.middle, forecast.low80].map(reachedAt);
  const outcome = isBeyond ? 'already' : likelyMs !== null ? 'reached' : earliestMs !== null ? 'possible' : 'not';
  return { limit, outcome, earliestMs: earliestMs!, likelyMs: likelyMs!, latestMs: latestMs! };
}

const DAYS_OF_LATEST = 7;

/** The median of the newest day, or of the newest week where steps are days; of what there was last where that is nothing. */
export function latestOf(values: Float64Array, stepMs: number): number {
  const steps = stepMs >= DAY_MS ? DAYS_OF_LATEST : Math.round(DAY_MS / stepMs);
  const last = values.findLastIndex((value) => !Number.isNaN(value)) + 1;
  return median(values.subarray(Math.max(0, last - steps), last).filter((value) => !Number.isNaN(value)));
}
