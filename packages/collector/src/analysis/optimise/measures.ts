/** The figures that a policy is judged by, computed from weighted slices. */
import { quantileOfCounts } from '../../model/latencyCounts.ts';
import type { SliceFigures } from '../../model/optimization/judgement.ts';
import type { WeightedSlice } from './likeLoad.ts';

function total(slices: readonly WeightedSlice[], value: (slice: SliceFigures) => number): number {
  return slices.reduce((sum, { slice, weight }) => sum + weight * value(slice), 0);
}

/**
 * The quantile of the calls that were answered well, in milliseconds. Durations of refusals are among those that are known; they
 * are taken to be the shortest, which makes the figure too great where a refused call has waited, and never too small.
 */
export function answeredQuantile(slices: readonly WeightedSlice[], q: number): number {
  const byBin = new Map<number, number>();
  for (const { slice, weight } of slices)
    for (const [bin, calls] of slice.durations) byBin.set(bin, (byBin.get(bin) ?? 0) + weight * calls);
  const timed = [...byBin.values()].reduce((sum, calls) => sum + calls, 0);
  const okShare = Math.min(1, total(slices, ({ ok }) => ok) / timed);
  return quantileOfCounts(byBin, 1 - (1 - q) * okShare);
}

/** So that "none at all" is a figure as well. */
const HALF_A_CALL = 0.5;

/** Calls that were answered well, a second. */
export function goodputOf(slices: readonly WeightedSlice[]): number {
  return (total(slices, ({ ok }) => ok) + HALF_A_CALL) / (total(slices, ({ lengthMs }) => lengthMs) / 1_000);
}

/** Of the calls that came in, the share that was answered well. */
export function okShareOf(slices: readonly WeightedSlice[]): number {
  return (total(slices, ({ ok }) => ok) + HALF_A_CALL) / total(slices, ({ offered }) => offered);
}

/** Milliseconds of processor time for each call that was answered well. */
export function cpuPerCallOf(slices: readonly WeightedSlice[]): number {
  return total(slices, ({ cpuMs }) => cpuMs) / total(slices, ({ ok }) => ok);
}
