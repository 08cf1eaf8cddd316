/**
 * How sure it is that one figure differs from another by more than nothing. The interval of the difference is put together from
 * those of its two sides (the method of variance estimates recovery, Zou and Donner 2008), which may be lopsided, as they are
 * for a p99; how sure one is follows from the widest interval that is still beyond the tolerance.
 */
import { type Interval, MIN_COMPARED_CALLS } from '../../model/intervals.ts';
import { upperTail } from '../../model/normal.ts';
import type { Estimate, Measure } from './measures.ts';

/** Beyond it nothing is surer. */
const FARTHEST_Z = 5;

/** A change this likely to be found is what is meant by "would have shown": 95 %. */
const POWER_Z = 1.645;

/** What is tested: that the second side is no worse, or no better, than the first by more than the tolerance. */
export interface Evidence {
  measure: Measure;
  pWorse: number;
  pBetter: number;
}

export function evidenceOf(measure: Measure): Evidence {
  const { tolerance } = measure;
  return {
    measure,
    pWorse: upperTail(farthestZ((z) => differenceInterval(measure, z)[0] > tolerance)),
    pBetter: upperTail(farthestZ((z) => differenceInterval(measure, z)[1] < -tolerance)),
  };
}

/** Between what the difference lies, scaled. */
export function differenceInterval(measure: Measure, z: number): Interval {
  const { from, to } = measure;
  const [fromBelow, fromAbove] = reaches(measure, from, z);
  const [toBelow, toAbove] = reaches(measure, to, z);
  const difference = scaledDifference(measure);
  const { correlation } = measure;
  return [difference - joined(toBelow, fromAbove, correlation), difference + joined(toAbove, fromBelow, correlation)];
}

export function scaledDifference({ from, to, scaled }: Measure): number {
  return scaled(to.value) - scaled(from.value);
}

/** The smallest scaled difference that would most likely have been found at this `z`. */
export function leastShown(measure: Measure, z: number): number {
  const [, fromAbove] = reaches(measure, measure.from, z);
  if (fromAbove === Number.POSITIVE_INFINITY) return fromAbove;
  return measure.tolerance + (z + POWER_Z) * standardError(measure);
}

/** How many calls each side needs, about, so that a change of `mustShow` shows at this `z`. */
export function callsNeeded(measure: Measure, z: number): number {
  const { from, to, mustShow, tolerance } = measure;
  const error = standardError(measure);
  const factor = Number.isFinite(error) ? (((z + POWER_Z) * error) / (mustShow - tolerance)) ** 2 : 0;
  const calls = [from.fewestCalls(z), to.fewestCalls(z), factor * Math.min(from.calls, to.calls)];
  return Math.ceil(Math.max(MIN_COMPARED_CALLS, ...calls));
}

function standardError(measure: Measure): number {
  const [fromBelow, fromAbove] = reaches(measure, measure.from, 1);
  const [toBelow, toAbove] = reaches(measure, measure.to, 1);
  return joined((fromBelow + fromAbove) / 2, (toBelow + toAbove) / 2, measure.correlation);
}

/** How far a difference reaches, of two sides that reach so far (Zou 2007, for correlated estimates): what both met is in neither. */
function joined(one: number, other: number, correlation: number): number {
  if (!Number.isFinite(one + other)) return Number.POSITIVE_INFINITY;
  return Math.sqrt(Math.max(0, one ** 2 + other ** 2 - 2 * correlation * one * other));
}

function reaches({ scaled }: Measure, { value, interval }: Estimate, z: number): [below: number, above: number] {
  const [low, high] = interval(z);
  return [scaled(value) - scaled(low), scaled(high) - scaled(value)];
}

/** Where what is true at 0 stops being so; -Infinity when it is not true at all. */
function farthestZ(isTrueAt: (z: number) => boolean): number {
  if (!isTrueAt(0)) return Number.NEGATIVE_INFINITY;
  let [low, high] = [0, FARTHEST_Z];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (isTrueAt(middle)) low = middle;
    else high = middle;
  }
  return low;
}
