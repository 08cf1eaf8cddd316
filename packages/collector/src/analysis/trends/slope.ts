/** Where a series goes: the robust slope of its whole length, its interval, and whether it is more than chance. */
import { median } from '../../model/median.ts';
import { DAY_MS } from '../../model/rollup.ts';
import { seasonalTrend } from '../../model/seasonalKendall.ts';
import type { TrendSlope } from '../../model/trends.ts';

/** A trend that was called so is none once in a hundred; there are many series. */
const MAX_P_VALUE = 0.01;
/** Over the whole time, of the median; what is less is of no interest, however certain. */
const MIN_CHANGE_SHARE = 0.05;
/** Days are compared with the same weekday where there are as many weeks as this. */
const MIN_WEEKS = 5;

/**
 * @param startMs of the first step
 * @param isStaircase changes of level account for all of it
 * @returns null where nothing can be compared
 */
export function slopeOf(
  values: Float64Array,
  startMs: number,
  stepMs: number,
  isStaircase: boolean,
): TrendSlope | null {
  const days = (values.length * stepMs) / DAY_MS;
  const cycleMs = stepMs === DAY_MS && days >= 7 * MIN_WEEKS ? 7 * DAY_MS : DAY_MS;
  const found = seasonalTrend(bySeason(values, startMs, stepMs, cycleMs));
  if (found === undefined) return null;
  const perDay = (value: number) => (value * DAY_MS) / cycleMs;
  const slope = perDay(found.slopePerCycle);
  const usual = median(values.filter((value) => !Number.isNaN(value)));
  const isLarge = Math.abs(slope) * days >= MIN_CHANGE_SHARE * Math.abs(usual);
  const isTrend = slope !== 0 && found.pValue <= MAX_P_VALUE && isLarge;
  return {
    perDay: slope,
    interval: [perDay(found.interval[0]), perDay(found.interval[1])],
    percentPerDay: shareOf(slope, usual),
    pValue: found.pValue,
    isStaircase,
    direction: !isTrend ? 'stable' : slope > 0 ? 'rising' : 'falling',
  };
}

/** Per season, the same hour of days or the same day of weeks, its values cycle by cycle. */
function bySeason(values: Float64Array, startMs: number, stepMs: number, cycleMs: number): Float64Array[] {
  const perCycle = Math.max(1, Math.round(cycleMs / stepMs));
  const offset = Math.round((startMs % cycleMs) / stepMs);
  const cycles = Math.ceil((values.length + offset) / perCycle);
  const seasons = Array.from({ length: perCycle }, () => new Float64Array(cycles).fill(Number.NaN));
  for (let i = 0; i < values.length; i++) {
    seasons[(i + offset) % perCycle]![Math.floor((i + offset) / perCycle)] = values[i]!;
  }
  return seasons;
}

/** Null where there is next to nothing to take a share of. */
function shareOf(slope: number, usual: number): number | null {
  const percent = (100 * slope) / usual;
  return Number.isFinite(percent) ? percent : null;
}
