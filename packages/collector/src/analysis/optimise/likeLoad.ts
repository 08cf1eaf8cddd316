/**
 * Slices of before beside slices of after, at like load. A server is slower when more is asked of it: what is compared are
 * slices with about the same calls a second, those of before counted as often as there are such slices after.
 */
import type { SliceFigures } from '../../model/optimization/judgement.ts';
import { LATE_LOOP_MS } from './rules.ts';

export interface WeightedSlice {
  slice: SliceFigures;
  weight: number;
}

export interface Pairing {
  before: WeightedSlice[];
  after: WeightedSlice[];
  /** `like_load`: only slices of loads that both sides have; else all of both. */
  basis: 'like_load' | 'more_load' | 'less_load';
  /** Whether fewer calls were under way after than before: then fewer were wanted. */
  isLessWanted: boolean;
}

/** Loads within a factor of 1.4 are alike. */
const STRATA_PER_DOUBLING = 2;
/** Of the calls after, at least so many must have their like before. */
const LEAST_MATCHED = 0.5;
/** Of fewer slices on a side it cannot be told how much they differ by chance. */
const LEAST_SLICES = 3;
const LESS_WANTED = 0.8;

export function pairAtLikeLoad(before: readonly SliceFigures[], after: readonly SliceFigures[]): Pairing {
  const isLessWanted = meanOf(after, underWayOf) < LESS_WANTED * meanOf(before, underWayOf);
  const strataBefore = countBy(before);
  const strataAfter = countBy(after);
  const isShared = (slice: SliceFigures) =>
    strataBefore.has(stratumOf(slice)) && strataAfter.has(stratumOf(slice)) && slice.offered > 0;
  const matched = after.filter(isShared);
  const like = before.filter(isShared);
  const isMatched = sumOf(matched, offeredOf) >= LEAST_MATCHED * sumOf(after, offeredOf);
  // What waited in the socket was not counted: more came in than is known.
  const isUncounted = meanOf(before, loopDelayOf) >= LATE_LOOP_MS;
  if (isUncounted || !isMatched || Math.min(matched.length, like.length) < LEAST_SLICES) {
    const isMoreLoad = isUncounted || meanOf(after, loadOf) > meanOf(before, loadOf);
    const basis = isMoreLoad ? 'more_load' : 'less_load';
    return { before: before.map(whole), after: after.map(whole), basis, isLessWanted };
  }
  return {
    before: like.map((slice) => {
      const stratum = stratumOf(slice);
      return { slice, weight: strataAfter.get(stratum)! / strataBefore.get(stratum)! };
    }),
    after: matched.map(whole),
    basis: 'like_load',
    isLessWanted,
  };
}

const whole = (slice: SliceFigures): WeightedSlice => ({ slice, weight: 1 });
const offeredOf = ({ offered }: SliceFigures) => offered;
const underWayOf = ({ underWay }: SliceFigures) => underWay;
const loopDelayOf = ({ loopDelayMs }: SliceFigures) => loopDelayMs;
const loadOf = ({ offered, lengthMs }: SliceFigures) => offered / lengthMs;

function stratumOf(slice: SliceFigures): number {
  return Math.round(STRATA_PER_DOUBLING * Math.log2(Math.max(loadOf(slice), Number.MIN_VALUE)));
}

function countBy(slices: readonly SliceFigures[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const slice of slices) counts.set(stratumOf(slice), (counts.get(stratumOf(slice)) ?? 0) + 1);
  return counts;
}

function sumOf(slices: readonly SliceFigures[], value: (slice: SliceFigures) => number): number {
  return slices.reduce((sum, slice) => sum + value(slice), 0);
}

function meanOf(slices: readonly SliceFigures[], value: (slice: SliceFigures) => number): number {
  return slices.length === 0 ? 0 : sumOf(slices, value) / slices.length;
}
