/**
 * Simple models of how a series goes on, each a function of what is known to the next `steps` values. None of them is right for
 * every series; `combine.ts` weighs them by how they would have done.
 *
 * - `seasonal`: each phase as its last, its recent or its usual value (the seasonal naive forecast is the first of these)
 * - `levelled`: the usual profile on top of a level that follows slowly or fast (simple exponential smoothing, Brown 1959)
 * - `trending`: that, and a robust slope, which may fade (Gardner and McKenzie 1985 show why it often should)
 * - `reverting`: the usual profile and level, and the last deviation from them, which fades (an AR(1) process)
 */
import { median } from '../../../model/median.ts';
import type { History } from './history.ts';

/** @returns `steps` values, none of them NaN */
export type Model = (known: History, steps: number) => Float64Array;

/**
 * @param period steps of a cycle
 * @param keep how much a cycle weighs that is one older: 0, only the newest counts; 1, the median of all
 */
export function seasonal(period: number, keep: number): Model {
  return ({ values, length }, steps) => {
    const phases = Array.from({ length: period }, (_, phase) => phaseValue(values, period, phase, keep));
    const rest = median(values.filter((value) => !Number.isNaN(value)));
    return ahead(steps, (i) => {
      const value = phases[(length + i) % period]!;
      return Number.isNaN(value) ? rest : value;
    });
  };
}

function phaseValue(values: Float64Array, period: number, phase: number, keep: number): number {
  const known: number[] = [];
  for (let i = phase; i < values.length; i += period) if (!Number.isNaN(values[i]!)) known.push(values[i]!);
  if (known.length === 0) return Number.NaN;
  return keep === 1 ? median(known) : known.reduce((recent, value) => keep * recent + (1 - keep) * value);
}

/** @param periods of what repeats, see `History.parts` @param speed share of each step that the level takes on */
export function levelled(periods: readonly number[], speed: number): Model {
  return (known, steps) => {
    const { rest, profileAt } = known.parts(periods);
    const level = smoothed(rest, speed);
    return ahead(steps, (i) => level + profileAt(known.length + i));
  };
}

/** @param keep what is left of the slope after each step @param share of what is known that the slope is taken from, the newest */
export function trending(periods: readonly number[], speed: number, keep: number, share: number): Model {
  return (known, steps) => {
    const { rest, profileAt, slope } = known.parts(periods);
    const rise = slope(share);
    // Around the slope, or the level would come behind.
    const level = smoothed(
      rest.map((value, i) => value - rise * i),
      speed,
    );
    let at = known.length - 1;
    let weight = 1;
    return ahead(steps, (i) => {
      weight *= keep;
      at += weight;
      return level + rise * at + profileAt(known.length + i);
    });
  };
}

/** The last deviations weigh most; one alone would be noise. */
const DEVIATION_SPEED = 0.7;

export function reverting(periods: readonly number[]): Model {
  return (known, steps) => {
    const { rest, profileAt, usual } = known.parts(periods);
    const deviations = rest.map((value) => value - usual);
    const memory = autocorrelation(deviations);
    let deviation = smoothed(deviations, DEVIATION_SPEED);
    return ahead(steps, (i) => {
      deviation *= memory;
      return usual + deviation + profileAt(known.length + i);
    });
  };
}

function ahead(steps: number, valueAt: (i: number) => number): Float64Array {
  const values = new Float64Array(steps);
  for (let i = 0; i < steps; i++) values[i] = valueAt(i);
  return values;
}

/** Exponential smoothing, begun with the median of the first values. */
function smoothed(values: Float64Array, speed: number): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const begin = Math.max(1, Math.min(known.length, Math.ceil(1 / speed)));
  return known.reduce((level, value) => level + speed * (value - level), median(known.subarray(0, begin)));
}

/** At lag 1, from 0 to just under 1. */
function autocorrelation(deviations: Float64Array): number {
  let [products, squares] = [0, 0];
  for (let i = 1; i < deviations.length; i++) {
    const [before, value] = [deviations[i - 1]!, deviations[i]!];
    if (Number.isNaN(before) || Number.isNaN(value)) continue;
    products += before * value;
    squares += before * before;
  }
  return squares === 0 ? 0 : Math.min(0.999, Math.max(0, products / squares));
}
