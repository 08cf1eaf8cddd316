/** Shapes of one subject over time: of everything, a server, or a series. */
import type { CallStats } from './report.ts';
import type { TimedKind } from './series.ts';

/** Without a server: everything. Without a name: all tools of the server. */
export interface Subject {
  server: string | undefined;
  name: string | undefined;
  kind: TimedKind;
}

/** Columns of equal length, one entry per step; quantiles are null in steps without a call. */
export interface Timeline {
  fromMs: number;
  /** Start of the last step plus a step. */
  toMs: number;
  stepMs: number;
  calls: number[];
  errors: number[];
  avgMs: (number | null)[];
  p50Ms: (number | null)[];
  p95Ms: (number | null)[];
  p99Ms: (number | null)[];
  maxMs: (number | null)[];
  /** Counts by outcome, those that never occurred left out. */
  outcomes: Record<string, number[]>;
  /** Of the whole range. */
  summary: CallStats;
  heatmap: Heatmap | undefined;
}

/** Calls by how long they took. */
export interface Heatmap {
  /** Upper ends of the rows in ms, ascending, evenly spaced by their logarithm; each row reaches down to the one before. */
  boundsMs: number[];
  /** Per step the calls of each row. */
  steps: number[][];
}

/** How the durations of one or two spans are spread. */
export interface Distribution {
  /** Upper ends of the bins in ms, as in `Heatmap`. */
  boundsMs: number[];
  spans: DistributionSpan[];
}

export interface DistributionSpan {
  fromMs: number;
  toMs: number;
  /** Calls of each bin, per cent of the span's. */
  sharePercent: number[];
  summary: CallStats;
}
