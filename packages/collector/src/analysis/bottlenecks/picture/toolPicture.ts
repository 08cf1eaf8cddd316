/**
 * What is usual for a tool, and when it was slower than that. Usual is what its calls take while nothing is in their way: the
 * quarter of the slots in which they were quickest, or calls that began alone, or with fewest others, where those were quicker.
 */
import type { ToolColumns } from '../evidence/sight.ts';
import { sum, weightedQuantile } from './numbers.ts';

/** A slot is slow where its calls took so many times the usual, and at least so much longer, which people begin to feel. */
const SLOW_RATIO = 1.5;
const SLOW_EXCESS_MS = 3;

/** Calls that began with fewest others, from which the usual is told. */
const MIN_FEWEST = 10;

/** Calls that give the mean of a slot its full weight; more of them add nothing. */
const ENOUGH_FOR_MEAN = 5;

const USUAL_QUANTILE = 0.25;

export interface ToolPicture extends ToolColumns {
  totalCalls: number;
  totalMs: number;
  meanMs: number;
  usualMs: number;
  /** Per slot: 1 where it was slow. */
  slow: Uint8Array;
  /** Per slot: time beyond the usual, of slow slots only. */
  excessMs: Float64Array;
  totalExcessMs: number;
  /** Calls in slow slots. */
  slowCalls: number;
}

export function toolPicture(columns: ToolColumns): ToolPicture {
  const { calls, sumMs } = columns;
  const [totalCalls, totalMs] = [sum(calls), sum(sumMs)];
  const usualMs = usualOf(columns);
  const slow = new Uint8Array(calls.length);
  const excessMs = new Float64Array(calls.length);
  let slowCalls = 0;
  for (let slot = 0; slot < calls.length; slot++) {
    const excess = sumMs[slot]! - calls[slot]! * usualMs;
    if (calls[slot] === 0 || sumMs[slot]! < SLOW_RATIO * calls[slot]! * usualMs) continue;
    if (excess < SLOW_EXCESS_MS * calls[slot]!) continue;
    slow[slot] = 1;
    excessMs[slot] = excess;
    slowCalls += calls[slot]!;
  }
  const figures = { totalCalls, totalMs, meanMs: totalMs / totalCalls, usualMs };
  return { ...columns, ...figures, slow, excessMs, totalExcessMs: sum(excessMs), slowCalls };
}

function usualOf({ calls, sumMs, bands }: ToolColumns): number {
  const usual = quantileOfMeans(USUAL_QUANTILE, calls, sumMs);
  const alone = {
    calls: calls.map((count, slot) => Math.max(0, count - sum(bands.map((band) => band.calls[slot]!)))),
    sumMs: sumMs.map((ms, slot) => ms - sum(bands.map((band) => band.sumMs[slot]!))),
  };
  const fewest = [alone, ...bands].find((band) => sum(band.calls) >= MIN_FEWEST);
  return fewest === undefined ? usual : Math.min(usual, quantileOfMeans(0.5, fewest.calls, fewest.sumMs));
}

/** Of the means of slots with calls; a slot with many counts no more than one with some, or the busy ones would be all. */
function quantileOfMeans(q: number, calls: Float64Array, sumMs: Float64Array): number {
  const slots = Array.from(calls, (count, slot) => (count > 0 ? slot : -1)).filter((slot) => slot >= 0);
  return weightedQuantile(
    q,
    slots.map((slot) => sumMs[slot]! / calls[slot]!),
    slots.map((slot) => Math.min(calls[slot]!, ENOUGH_FOR_MEAN)),
  );
}
