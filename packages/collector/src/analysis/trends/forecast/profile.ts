/**
 * What repeats: how far each step of a day or a week usually is from the level around it. The classical decomposition with
 * medians in place of means, so that one bad night does not become part of every night (Cleveland et al. 1990 give the reasons).
 */
import { median } from '../../../model/median.ts';

/**
 * @param values NaN where there is none
 * @param period steps of a cycle
 * @returns per phase, index modulo `period`, its usual distance from the level; zero on average
 */
export function profileOf(values: Float64Array, period: number): Float64Array {
  const level = movingMean(values, period);
  const distances: number[][] = Array.from({ length: period }, () => []);
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! - level[i]!;
    if (!Number.isNaN(distance)) distances[i % period]!.push(distance);
  }
  return centred(filled(Float64Array.from(distances, (each) => (each.length === 0 ? Number.NaN : median(each)))));
}

/** What is left of the values without the profile. */
export function withoutProfile(values: Float64Array, profile: Float64Array): Float64Array {
  return values.map((value, i) => value - profile[i % profile.length]!);
}

/** Over `width` steps around each; less of them at the ends, and where some are missing. */
export function movingMean(values: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const isKnown = !Number.isNaN(value);
    sums[i + 1] = sums[i]! + (isKnown ? value : 0);
    counts[i + 1] = counts[i]! + (isKnown ? 1 : 0);
  }
  return values.map((_, i) => {
    // A whole cycle wherever there is one, or the ends would take their own phase for the level.
    const from = Math.max(0, Math.min(i - (width >> 1), values.length - width));
    const to = Math.min(values.length, from + width);
    const count = counts[to]! - counts[from]!;
    return count === 0 ? Number.NaN : (sums[to]! - sums[from]!) / count;
  });
}

/** Phases that were never seen are like the last one before them that was. */
function filled(profile: Float64Array): Float64Array {
  const known = profile.findLast((value) => !Number.isNaN(value)) ?? 0;
  let last = known;
  return profile.map((value) => {
    last = Number.isNaN(value) ? last : value;
    return last;
  });
}

function centred(profile: Float64Array): Float64Array {
  const mean = profile.reduce((sum, value) => sum + value, 0) / profile.length;
  return profile.map((value) => value - mean);
}
