import type { Sketch } from '@mcp-vitals/sketch';
import type { OutcomeCounts } from '@mcp-vitals/wire/decode';
import type { SeriesKey } from './series.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export function startOfMinute(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

/** The newest minutes, the one that has just begun included, as a range with an exclusive end. */
export function newestMinutes(nowMs: number, minutes: number): { fromMs: number; toMs: number } {
  const toMs = startOfMinute(nowMs) + MINUTE_MS;
  return { fromMs: toMs - minutes * MINUTE_MS, toMs };
}

/** Calls of one series (or of many, merged) over a span. Durations in milliseconds, of the outcomes that are calls. */
export interface Rollup {
  outcomes: OutcomeCounts;
  sumMs: number;
  /** NaN when there is no call. */
  minMs: number;
  maxMs: number;
  /**
   * Of the durations: a digest, or what senders counted in buckets, or both; a quantile from buckets is right to the
   * width of one. Absent where the query did not ask for quantiles.
   */
  digest: Sketch | undefined;
}

/** Calls: ok, tool_error, protocol_error, timeout. */
export function callCount({ outcomes: o }: Pick<Rollup, 'outcomes'>): number {
  return o[0] + o[1] + o[2] + o[3];
}

/** Failed calls: tool_error, protocol_error, timeout. */
export function errorCount({ outcomes: o }: Pick<Rollup, 'outcomes'>): number {
  return o[1] + o[2] + o[3];
}

/** Share of failed calls in per cent; 0 when there is no call. */
export function errorRatePercent(rollup: Pick<Rollup, 'outcomes'>): number {
  const calls = callCount(rollup);
  return calls === 0 ? 0 : (100 * errorCount(rollup)) / calls;
}

/** Mean duration in milliseconds; 0 when there is no call. */
export function averageMs(rollup: Pick<Rollup, 'outcomes' | 'sumMs'>): number {
  const calls = callCount(rollup);
  return calls === 0 ? 0 : rollup.sumMs / calls;
}

/** One entry of a query's answer. */
export interface SeriesRollup extends Rollup {
  series: SeriesKey;
  /** Start of the group (hour or day) or of the whole range. */
  startMs: number;
}

/** The minutes of one series as columns, ascending, only minutes with at least one counted outcome. */
export interface MinuteColumns {
  series: SeriesKey;
  /** Epoch ms of each minute's start. */
  minuteMs: Float64Array;
  calls: Float64Array;
  errors: Float64Array;
  sumMs: Float64Array;
}

/** What was used over a span: means over samples (summed over instances), and maxima. */
export interface ResourceUsage {
  samples: number;
  /** In which there was a sample: what a mean has to be multiplied with for a sum. */
  minutes: number;
  cpuPercentAvg: number;
  cpuPercentMax: number;
  memoryMbAvg: number;
  memoryMbMax: number;
  memoryPercentAvg: number;
  memoryPercentMax: number;
  /** Sum over the span. */
  diskIoKb: number;
  eventLoopDelayMsAvg: number;
  eventLoopDelayMsMax: number;
}

/** That of all processes of a server. */
export interface ResourceRollup extends ResourceUsage {
  server: string;
  startMs: number;
}
