/**
 * How much of a series repeats by day and by week: one less the share of the variance that is left without what repeats (the strength of
 * seasonality of Wang, Smith and Hyndman 2006), with deviations in place of squares, which one outlier would rule. A profile fits
 * some of the noise of few cycles, and is given no credit for as much.
 */
import { median } from '../../model/median.ts';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import type { Seasonality } from '../../model/trends.ts';
import { profileOf, withoutProfile } from './forecast/profile.ts';

const MIN_CYCLES = 2;
/** From here on the hours of a day are worth telling. */
const MIN_TOLD_STRENGTH = 0.3;

export function seasonalityOf(values: Float64Array, startMs: number, stepMs: number): Seasonality {
  const day = DAY_MS / stepMs;
  const hasDay = day > 1 && values.length >= MIN_CYCLES * day;
  const profile = hasDay ? profileOf(values, day) : undefined;
  const withoutDay = profile === undefined ? values : withoutProfile(values, profile);
  const week = 7 * day;
  const hasWeek = values.length >= MIN_CYCLES * week;
  const dayStrength = profile === undefined ? null : strengthOf(values, profile);
  const isTold = profile !== undefined && dayStrength! >= MIN_TOLD_STRENGTH;
  const hourOf = (phase: number) => Math.floor(((startMs + phase * stepMs) % DAY_MS) / HOUR_MS);
  return {
    dayStrength,
    weekStrength: hasWeek ? strengthOf(withoutDay, profileOf(withoutDay, week)) : null,
    busiestHour: isTold ? hourOf(profile.indexOf(Math.max(...profile))) : null,
    quietestHour: isTold ? hourOf(profile.indexOf(Math.min(...profile))) : null,
  };
}

function strengthOf(values: Float64Array, profile: Float64Array): number {
  const all = spread(values);
  const left = spread(withoutProfile(values, profile));
  if (all === 0) return 0;
  const cycles = values.length / profile.length;
  const shareLeft = (left / all) ** 2 * (cycles / (cycles - 1));
  return Math.max(0, 1 - shareLeft);
}

/** The mean distance from the median. */
function spread(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return 0;
  const middle = median(known);
  return known.reduce((sum, value) => sum + Math.abs(value - middle), 0) / known.length;
}
