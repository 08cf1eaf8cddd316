/**
 * How far a figure of slices may be off: it is computed again from slices that are drawn anew, in runs of neighbours, because what
 * makes one slice slow often lasts for several (the circular block bootstrap, Politis and Romano 1992).
 */
import type { WeightedSlice } from './likeLoad.ts';

export type Statistic = (slices: readonly WeightedSlice[]) => number;

const DRAWS = 200;
/** A spread below this is an accident of few slices. */
const LEAST_ERROR = 0.01;

export interface LogRatio {
  value: number;
  error: number;
}

/** Of the logarithm of after by before; undefined where one of them is nothing. The same input always gives the same. */
export function logRatioOf(
  before: readonly WeightedSlice[],
  after: readonly WeightedSlice[],
  statistic: Statistic,
): LogRatio | undefined {
  const value = Math.log(statistic(after) / statistic(before));
  if (!Number.isFinite(value)) return undefined;
  const random = randomSource(before.length * 65_537 + after.length);
  const drawn: number[] = [];
  for (let i = 0; i < DRAWS; i++) {
    const ratio = Math.log(statistic(drawAgain(after, random)) / statistic(drawAgain(before, random)));
    if (Number.isFinite(ratio)) drawn.push(ratio);
  }
  const mean = drawn.reduce((sum, ratio) => sum + ratio, 0) / drawn.length;
  const variance = drawn.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / Math.max(1, drawn.length - 1);
  return { value, error: Math.max(LEAST_ERROR, Math.sqrt(variance)) };
}

function drawAgain<T>(slices: readonly T[], random: () => number): T[] {
  const length = Math.max(1, Math.round(slices.length ** (1 / 3)));
  const drawn: T[] = [];
  while (drawn.length < slices.length) {
    const start = Math.floor(random() * slices.length);
    for (let i = 0; i < length && drawn.length < slices.length; i++) drawn.push(slices[(start + i) % slices.length]!);
  }
  return drawn;
}

/** Uniform from 0 to 1 (mulberry32). */
function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
