/**
 * One forecast of many: each model forecasts from several points of the past, and weighs the more the nearer it came to what
 * then happened. Combinations beat the choice of the one best model, which is often the luckiest (Bates and Granger 1969;
 * Makridakis et al. 2020 on 100,000 series). What the combination itself missed by is the base of its intervals.
 */
import { DAY_MS } from '../../../model/rollup.ts';
import { History } from './history.ts';
import { levelled, type Model, reverting, seasonal, trending } from './models.ts';

/** Where the combination forecast from, and what it missed by, one value per step ahead; NaN where nothing happened. */
export interface PastForecast {
  origin: number;
  errors: Float64Array;
}

export interface Combination {
  /** Of the steps ahead. */
  values: Float64Array;
  /** Of the past, from the same models and weights. */
  past: PastForecast[];
}

const ORIGINS = 24;
/** Of all that is known, what a forecast needs at least before it. */
const MIN_KNOWN_SHARE = 0.3;
/** Models that came less near than this many times the best one's distance are left out. */
const WORST_RATIO = 1.25;
const KEPT_MODELS = 5;

/** @param values at least one is no NaN @param stepMs what repeats follows from it: days and weeks of hours, weeks of days */
export function combine(values: Float64Array, stepMs: number, steps: number): Combination {
  const seasons = seasonsFor(values.length, stepMs);
  const models = modelsFor(seasons);
  const origins = originsOf(values, seasons.at(-1) ?? 0);
  const tested = Math.min(steps, Math.max(1, Math.floor(values.length / 3)));
  const pasts = origins.map((origin) => new History(values.subarray(0, origin)));
  const tries = models.map((model) =>
    pasts.map((known) => model(known, Math.min(tested, values.length - known.length))),
  );
  const weights = weightsOf(tries.map((each) => meanError(each, origins, values)));
  const past = origins.map((origin, o) => ({
    origin,
    errors: weighted(
      weights,
      tries.map((each) => each[o]!),
    ).map((value, i) => values[origin + i]! - value),
  }));
  const all = new History(values);
  const kept = models.map((model, i) => (weights[i] === 0 ? new Float64Array(steps) : model(all, steps)));
  return { values: weighted(weights, kept), past };
}

/** What may repeat and was seen at least twice, in steps, ascending. */
export function seasonsFor(length: number, stepMs: number): number[] {
  const [day, week] = [DAY_MS / stepMs, (7 * DAY_MS) / stepMs];
  return [day, week].filter((season) => Number.isInteger(season) && season > 1 && season * 2 <= length);
}

function modelsFor(seasons: readonly number[]): Model[] {
  const profiles = [[], ...seasons.map((period) => [period]), ...(seasons.length === 2 ? [seasons] : [])];
  return [
    ...seasons.flatMap((period) => [0, 0.4, 0.7, 1].map((keep) => seasonal(period, keep))),
    ...profiles.flatMap((periods) => [
      ...[1, 0.3, 0.1, 0.03].map((speed) => levelled(periods, speed)),
      reverting(periods),
      trending(periods, 0.1, 0.5 ** (1 / 168), 1),
      trending(periods, 0.1, 1, 1),
      trending(periods, 0.1, 1, 0.3),
    ]),
  ];
}

/** Evenly over what is known but its beginning, the newest last. */
function originsOf(values: Float64Array, longestSeason: number): number[] {
  const first = Math.max(1, values.findIndex((value) => !Number.isNaN(value)) + 1);
  const begin = Math.max(first, longestSeason, Math.ceil(values.length * MIN_KNOWN_SHARE));
  const count = Math.min(ORIGINS, values.length - begin);
  const origins = Array.from({ length: count }, (_, i) => begin + Math.floor((i * (values.length - begin)) / count));
  return [...new Set(origins)];
}

function meanError(tries: readonly Float64Array[], origins: readonly number[], values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const [o, forecast] of tries.entries()) {
    for (let i = 0; i < forecast.length; i++) {
      const error = Math.abs(values[origins[o]! + i]! - forecast[i]!);
      if (Number.isNaN(error)) continue;
      sum += error;
      count++;
    }
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** By the inverse of the squared error; equal where nothing could be tried, or where some were never wrong. */
function weightsOf(errors: readonly number[]): number[] {
  const known = errors.filter((error) => !Number.isNaN(error)).sort((a, b) => a - b);
  const [least] = known;
  if (least === undefined) return normalised(errors.map(() => 1));
  if (least === 0) return normalised(errors.map((error) => (error === 0 ? 1 : 0)));
  const limit = Math.min(least * WORST_RATIO, known[Math.min(KEPT_MODELS, known.length) - 1]!);
  // Of ratios: squares of very small errors would be none.
  return normalised(errors.map((error) => (error <= limit ? (least / error) ** 2 : 0)));
}

function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function weighted(weights: readonly number[], forecasts: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(forecasts[0]!.length);
  for (const [m, weight] of weights.entries()) {
    if (weight === 0) continue;
    const forecast = forecasts[m]!;
    for (let i = 0; i < values.length; i++) values[i]! += weight * forecast[i]!;
  }
  return values;
}
