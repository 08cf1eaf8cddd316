/**
 * What is usual for a tool, and when it was slower than that. Usual is what its calls take while nothing is in their way: the
 * quarter of the slots in which they were quickest, or calls that began alone where those were quicker still.
 */
import type { ToolColumns } from '../evidence/sight.ts';
import { sum, weightedQuantile } from './numbers.ts';

/** A slot is slow where its calls took so many times the usual, and at least so much longer, which people begin to feel. */
const SLOW_RATIO = 1.5;
const SLOW_EXCESS_MS = 3;

/** Alone calls from which the usual is told. */
const MIN_ALONE = 10;

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
  const called = slotsWhere(calls);
  const usual = weightedQuantile(
    USUAL_QUANTILE,
    called.map((slot) => sumMs[slot]! / calls[slot]!),
    called.map((slot) => calls[slot]!),
  );
  if (bands.length === 0) return usual;
  const alone = calls.map((count, slot) => Math.max(0, count - sum(bands.map((band) => band.calls[slot]!))));
  const aloneMs = sumMs.map((ms, slot) => ms - sum(bands.map((band) => band.sumMs[slot]!)));
  if (sum(alone) < MIN_ALONE) return usual;
  const quiet = slotsWhere(alone);
  const usualAlone = weightedQuantile(
    0.5,
    quiet.map((slot) => aloneMs[slot]! / alone[slot]!),
    quiet.map((slot) => alone[slot]!),
  );
  return Math.min(usual, usualAlone);
}

function slotsWhere(counts: Float64Array): number[] {
  return Array.from(counts, (count, slot) => (count > 0 ? slot : -1)).filter((slot) => slot >= 0);
}
