/** Trends that go through a whole period, told from chance: of times, errors, calls and resources, step by step. */
import { median } from '../../model/median.ts';
import type { LastingTrend, LastingTrends } from '../../model/report.ts';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import { seasonalTrend } from '../../model/seasonalKendall.ts';
import type { TimeRange } from '../../store/store.ts';

/** One value per step of one thing; NaN where there is none. */
export interface TrendSeries {
  /** Empty: everything. */
  server: string;
  metric: LastingTrend['metric'];
  points: readonly { startMs: number; value: number }[];
}

const MIN_DAYS = 5;
const MIN_PLAIN_DAYS = 7;
const MIN_WEEKS = 5;

const CONFIDENCE_PERCENT = 95;
/** There are many servers: at 95 %, one in twenty that did not change would seem to. */
const SERVER_CONFIDENCE_PERCENT = 98;
/** From the begin of the period to its end, of the median; what is less is of no interest, however certain. */
const MIN_CHANGE_PERCENT = 5;

/** Steps that are compared with each other: those of the same season, one per cycle. */
interface Seasons {
  cycleMs: number;
  seasonMs: number;
  words: string;
}

/** How far back steps are needed: a day by itself shows no trend, it is seen as the last of a week. */
export function trendRangeOf({ fromMs, toMs }: TimeRange, kind: 'period' | 'daily' | 'weekly'): TimeRange {
  return kind === 'daily' ? { fromMs: Math.min(fromMs, toMs - 7 * DAY_MS), toMs } : { fromMs, toMs };
}

/** @returns undefined where a period is too short, or its steps too wide, to tell a trend from the time of day */
export function seasonsOf({ fromMs, toMs }: TimeRange, stepMs: number): Seasons | undefined {
  const days = (toMs - fromMs) / DAY_MS;
  if (stepMs === HOUR_MS && days >= MIN_DAYS) {
    return { cycleMs: DAY_MS, seasonMs: HOUR_MS, words: 'each hour with the same hour of other days' };
  }
  if (stepMs !== DAY_MS) return undefined;
  if (days >= 7 * MIN_WEEKS) {
    return { cycleMs: 7 * DAY_MS, seasonMs: DAY_MS, words: 'each day with the same weekday of other weeks' };
  }
  return days >= MIN_PLAIN_DAYS ? { cycleMs: DAY_MS, seasonMs: DAY_MS, words: 'each day with the others' } : undefined;
}

/** All of everything together; of single servers those that go somewhere. */
export function lastingTrendsOf(series: readonly TrendSeries[], range: TimeRange, stepMs: number): LastingTrends {
  const seasons = seasonsOf(range, stepMs);
  if (seasons === undefined) {
    const method = `Not looked for: it takes ${MIN_DAYS} days, or the time of day would look like a trend.`;
    return { ...range, method, trends: [] };
  }
  const trends = series
    .flatMap((each) => trendOf(each, range, seasons) ?? [])
    .filter(({ server, direction }) => server === '' || direction !== 'stable');
  return { ...range, method: methodOf(seasons), trends };
}

function methodOf({ words }: Seasons): string {
  return `Theil-Sen slope with the seasonal Mann-Kendall test, comparing ${words}; called a trend from ${CONFIDENCE_PERCENT} % confidence on, of a single server from ${SERVER_CONFIDENCE_PERCENT} %, and when it makes ${MIN_CHANGE_PERCENT} % over the time looked at.`;
}

function trendOf(series: TrendSeries, range: TimeRange, seasons: Seasons): LastingTrend | undefined {
  const { server, metric, points } = series;
  const found = seasonalTrend(bySeason(points, range, seasons));
  if (found === undefined) return undefined;
  const usual = median(points.map(({ value }) => value).filter((value) => !Number.isNaN(value)));
  const slopePerDay = found.slopePerCycle * (DAY_MS / seasons.cycleMs);
  const confidencePercent = 100 * (1 - found.pValue);
  const isLarge = 100 * Math.abs(slopePerDay) * ((range.toMs - range.fromMs) / DAY_MS) >= MIN_CHANGE_PERCENT * usual;
  const needed = server === '' ? CONFIDENCE_PERCENT : SERVER_CONFIDENCE_PERCENT;
  const isTrend = slopePerDay !== 0 && confidencePercent >= needed && isLarge;
  return {
    server,
    metric,
    median: usual,
    slopePerDay,
    slopePercentPerDay: usual === 0 ? null : (100 * slopePerDay) / usual,
    confidencePercent,
    direction: isTrend ? directionOf(metric, slopePerDay) : 'stable',
  };
}

/** More or fewer calls are neither good nor bad. */
function directionOf(metric: LastingTrend['metric'], slopePerDay: number): LastingTrend['direction'] {
  if (metric === 'calls') return slopePerDay > 0 ? 'rising' : 'falling';
  return slopePerDay > 0 ? 'degrading' : 'improving';
}

function bySeason(
  points: TrendSeries['points'],
  { fromMs, toMs }: TimeRange,
  { cycleMs, seasonMs }: Seasons,
): Float64Array[] {
  const first = Math.floor(fromMs / cycleMs);
  const cycles = Math.ceil(toMs / cycleMs) - first;
  const count = cycleMs === seasonMs ? 1 : cycleMs / seasonMs;
  const seasons = Array.from({ length: count }, () => new Float64Array(cycles).fill(Number.NaN));
  for (const { startMs, value } of points) {
    const cycle = Math.floor(startMs / cycleMs);
    const season = Math.floor((startMs - cycle * cycleMs) / seasonMs);
    if (cycle >= first && cycle - first < cycles) seasons[season % count]![cycle - first] = value;
  }
  return seasons;
}
