/**
 * How far off a forecast may be, learnt from how far off it was: quantiles of past errors at about the same distance ahead
 * (conformal prediction without an assumption of their shape; Vovk et al. 2005, Lei et al. 2018). Errors of one origin hang together, so
 * what they are worth is counted in origins that do not overlap, and few of them widen the interval like Student's t does.
 * Beyond the distances that could be tried, intervals grow on as they have grown.
 */
import type { PastForecast } from './combine.ts';

/** Errors that a quantile is taken from at least, where there are so many. */
const MIN_ERRORS = 60;
/** Errors grow like this power of the distance at most; a random walk's grow like a half, those of a wrong slope like one. */
const MAX_GROWTH = 1;

export interface ErrorModel {
  /** The quantile of the error `lead` steps ahead, counted from 1; in the unit of the values. */
  quantile(share: number, lead: number): number;
}

/** @param knownSteps of the series that the forecasts were of */
export function errorModel(past: readonly PastForecast[], knownSteps: number): ErrorModel {
  const longest = past.reduce((most, { errors }) => Math.max(most, errors.length), 0);
  const tried = testedLead(past, longest);
  const growth = growthOf(past, tried);
  const gathered = new Map<number, ReturnType<typeof gather>>();
  const at = (lead: number) => {
    const known = gathered.get(lead) ?? gather(past, lead, longest, knownSteps);
    gathered.set(lead, known);
    return known;
  };
  return {
    quantile(share, lead) {
      const within = Math.min(lead, tried);
      const { errors, independent } = at(Math.min(tried, onGrid(within)));
      if (errors.length === 0) return 0;
      return (lead / within) ** growth * widened(errors, share, independent);
    },
  };
}

const FINE_LEADS = 24;
const GRID_RATIO = 1.05;

/** Far ahead, a few steps more or less have the same errors. */
function onGrid(lead: number): number {
  if (lead <= FINE_LEADS) return lead;
  const rung = Math.round(Math.log(lead / FINE_LEADS) / Math.log(GRID_RATIO));
  return Math.round(FINE_LEADS * GRID_RATIO ** rung);
}

/** The farthest lead that several origins reach. */
function testedLead(past: readonly PastForecast[], longest: number): number {
  const needed = Math.min(8, Math.ceil(past.length / 3));
  for (let lead = longest; lead > 1; lead--) {
    if (past.filter(({ errors }) => errors.length >= lead).length >= needed) return lead;
  }
  return 1;
}

function gather(past: readonly PastForecast[], lead: number, longest: number, knownSteps: number) {
  for (let reach = Math.max(1, Math.floor(lead / 4)); ; reach *= 2) {
    const errors = errorsAround(past, lead, reach);
    if (errors.length >= MIN_ERRORS || reach >= longest) {
      const reached = past.filter(({ errors }) => errors.length >= lead).length;
      const independent = Math.max(2, Math.min(reached, knownSteps / lead));
      return { errors: Float64Array.from(errors).sort(), independent };
    }
  }
}

/** @param reach how many steps nearer and farther ahead count as well */
function errorsAround(past: readonly PastForecast[], lead: number, reach: number): number[] {
  return past.flatMap(({ errors }) =>
    [...errors.subarray(Math.max(0, lead - 1 - reach), lead + reach)].filter((error) => !Number.isNaN(error)),
  );
}

function widened(sorted: Float64Array, share: number, independent: number): number {
  const middle = atShare(sorted, 0.5);
  const distance = atShare(sorted, share) - middle;
  return middle + distance * Math.sqrt(1 + 1 / independent) * tRatio(independent);
}

/** Student's t over the normal quantile at 97.5 %, by the first terms of its expansion (Abramowitz and Stegun 26.7.5). */
function tRatio(freedom: number): number {
  const z = 1.96;
  return 1 + (z ** 2 + 1) / (4 * freedom) + (5 * z ** 4 + 16 * z ** 2 + 3) / (96 * freedom ** 2);
}

function atShare(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/** The slope of the logarithm of the mean error over that of the distance, from an eighth of what was tried to all of it. */
function growthOf(past: readonly PastForecast[], tried: number): number {
  const meanAround = (lead: number) => {
    const errors = errorsAround(past, lead, Math.max(1, Math.floor(lead / 3)));
    return errors.length === 0 ? 0 : errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
  };
  const near = Math.max(1, Math.floor(tried / 8));
  const [first, last] = [meanAround(near), meanAround(tried)];
  if (first <= 0 || last <= 0 || tried <= near) return 0.5;
  return Math.min(MAX_GROWTH, Math.max(0.1, Math.log(last / first) / Math.log(tried / near)));
}
