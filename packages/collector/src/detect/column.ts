/** A column of values with the minutes they belong to, and how one is made from what the store keeps. */
import type { MinuteColumns, ResourceRollup } from '../model/rollup.ts';

export interface Column {
  /** Epoch ms of each minute's start, ascending. */
  minuteMs: Float64Array;
  /** Finite numbers. */
  values: Float64Array;
}

/** What a value of a column is computed from; NaN leaves the minute out. */
type ValueAt<Source> = (source: Source, index: number) => number;

/** Mean duration in milliseconds of each minute with calls. */
export const responseTimes = (minutes: MinuteColumns): Column =>
  columnOf(minutes, minutes.minuteMs.length, atMinute, ({ calls, sumMs }, i) => sumMs[i]! / calls[i]!);

/** Failed calls in per cent of each minute with calls. */
export const errorRates = (minutes: MinuteColumns): Column =>
  columnOf(minutes, minutes.minuteMs.length, atMinute, ({ calls, errors }, i) => (100 * errors[i]!) / calls[i]!);

/** One field of a server's minutes. */
export const resourceUse = (rollups: readonly ResourceRollup[], field: 'cpuPercentAvg' | 'memoryMbAvg'): Column =>
  columnOf(
    rollups,
    rollups.length,
    (all, i) => all[i]!.startMs,
    (all, i) => all[i]![field],
  );

const atMinute: ValueAt<MinuteColumns> = ({ minuteMs }, i) => minuteMs[i]!;

/** Minutes without a value (no calls: 0 / 0) are left out; one bad number must not silence the rest of the series. */
function columnOf<Source>(source: Source, length: number, timeAt: ValueAt<Source>, valueAt: ValueAt<Source>): Column {
  const minuteMs = new Float64Array(length);
  const values = new Float64Array(length);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const value = valueAt(source, i);
    if (!Number.isFinite(value)) continue;
    minuteMs[kept] = timeAt(source, i);
    values[kept] = value;
    kept++;
  }
  return { minuteMs: minuteMs.subarray(0, kept), values: values.subarray(0, kept) };
}

/** Index of the first minute at or after `fromMs`; the length when there is none. */
export function firstIndexFrom(minuteMs: Float64Array, fromMs: number): number {
  const index = minuteMs.findIndex((minute) => minute >= fromMs);
  return index < 0 ? minuteMs.length : index;
}

/** Index of exactly this minute, or -1. */
export function indexOfMinute(minuteMs: Float64Array, atMs: number): number {
  let from = 0;
  let to = minuteMs.length - 1;
  while (from <= to) {
    const middle = (from + to) >> 1;
    const minute = minuteMs[middle]!;
    if (minute === atMs) return middle;
    if (minute < atMs) from = middle + 1;
    else to = middle - 1;
  }
  return -1;
}
