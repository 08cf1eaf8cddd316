/**
 * How much busier a server becomes, by the forecast of its calls. The level is compared by means, a week with a week, because the
 * middle of a forecast is smoother than what happens; the ends of the interval are those of single hours.
 */
import { DAY_MS } from '../../model/rollup.ts';
import type { TrendAnalysis } from '../../model/trends.ts';
import type { Trends } from '../../serve/services.ts';
import type { Growth } from './conclusion.ts';

const HORIZON_DAYS = 30;
const WEEK_MS = 7 * DAY_MS;

/** @throws VitalsError where there is nothing to learn from */
export async function readGrowth(trends: Pick<Trends, 'analyse'>, server: string): Promise<Growth | undefined> {
  const asked = { period: 'month', metrics: ['throughput'], server, tool: undefined, limit: undefined } as const;
  return growthOf(await trends.analyse({ ...asked, horizonDays: HORIZON_DAYS, anomalies: false, correlations: false }));
}

/** @returns undefined where there is no forecast, or nothing was called in the last week */
export function growthOf({
  series,
  columns,
  stepMs,
}: Pick<TrendAnalysis, 'series' | 'columns' | 'stepMs'>): Growth | undefined {
  const [forecast, column] = [series[0]?.forecast, columns[0]];
  if (!forecast || column === undefined) return undefined;
  const week = Math.round(WEEK_MS / stepMs);
  const lastWeek = column.values.subarray(-week).filter((value) => !Number.isNaN(value));
  const [mean, busiest] = [meanOf(lastWeek), greatest(lastWeek)];
  if (!(mean > 0)) return undefined;
  const value = meanOf(forecast.middle.subarray(-week)) / mean;
  return {
    value,
    low: Math.min(value, greatest(forecast.low95) / busiest),
    high: Math.max(value, greatest(forecast.high95) / busiest),
    daysAhead: HORIZON_DAYS,
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
