/**
 * How much busier a server becomes, by the forecast of its calls. The level is compared by means, a week with a week, because the
 * middle of a forecast is smoother than what happens; the ends of the interval are those of single hours.
 */
import { DAY_MS } from '../../model/rollup.ts';
import type { SeriesTrend } from '../../model/trends.ts';
import type { Trends } from '../../serve/ports/analyses.ts';
import type { Growth } from './conclusion.ts';

const HORIZON_DAYS = 30;
const WEEK_MS = 7 * DAY_MS;

/**
 * By server: the one that is asked for, or those with the most calls.
 * @throws VitalsError where there is nothing to learn from
 */
export async function readGrowth(
  trends: Pick<Trends, 'analyse'>,
  server: string | undefined,
): Promise<Map<string, Growth>> {
  const asked = { period: 'month', metrics: ['throughput'], server, tool: undefined, limit: undefined } as const;
  const analysis = await trends.analyse({ ...asked, horizonDays: HORIZON_DAYS, anomalies: false, correlations: false });
  const pairs = analysis.series.flatMap((series): [string, Growth][] => {
    const column = analysis.columns.find((each) => each.server === series.server && each.tool === series.tool);
    const growth = column && growthOf(series, column.values, analysis.stepMs);
    return growth === undefined ? [] : [[series.server, growth]];
  });
  return new Map(pairs);
}

/** @returns undefined where there is no forecast, or nothing was called in the last week */
export function growthOf(
  { forecast }: Pick<SeriesTrend, 'forecast'>,
  values: Float64Array,
  stepMs: number,
): Growth | undefined {
  if (forecast === null) return undefined;
  const week = Math.round(WEEK_MS / stepMs);
  const lastWeek = values.subarray(-week).filter((value) => !Number.isNaN(value));
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
