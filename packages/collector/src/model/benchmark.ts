/** Benchmarks that the collector runs: what is asked for, and what came out of it. */
import type { ComparisonVerdict } from './comparison.ts';

export const LOAD_PROFILES = ['light', 'normal', 'heavy', 'stress'] as const;
export type LoadProfile = (typeof LOAD_PROFILES)[number];

/** `closed`: callers wait for an answer before they call again; `open`: calls start at their times, whatever is answered. */
export const BENCHMARK_MODES = ['closed', 'open'] as const;
export type BenchmarkMode = (typeof BENCHMARK_MODES)[number];

export interface BenchmarkRequest {
  /** Name of one of the targets in the settings. */
  target: string;
  tool: string;
  profile: LoadProfile;
  mode: BenchmarkMode;
  /** Calls at a time of a closed loop; absent: those of the profile. */
  callers?: number | undefined;
  /** Of an open loop; absent: that of the baseline compared with, else what the profile makes of the warm-up. */
  perSecond?: number | undefined;
  /** Whether calls of an open loop come at random (Poisson) rather than at equal distances. */
  isBursty: boolean;
  warmUpMs: number;
  iterations: number;
  /** Of all iterations together, or of the search for saturation. */
  durationMs: number;
  /** `latest`: the newest baseline of the same load, where there is one. */
  compareWith: 'nothing' | 'latest' | { name: string };
  saveAs?: string | undefined;
  findsSaturation: boolean;
  /** Whether the caller accepts that the tool changes things. */
  acceptsChanges: boolean;
}

export interface BenchmarkFigures {
  calls: number;
  /** Calls that succeeded by the end, per second. */
  perSecond: number;
  errors: number;
  errorPercent: number;
  /** Of all kinds that there were. */
  errorsByKind: Readonly<Record<string, number>>;
  durations: readonly QuantileFigure[];
}

/** A quantile of the durations of calls that succeeded. */
export interface QuantileFigure {
  /** E.g. `p99.9`. */
  name: string;
  /** Null where so few calls do not support it. */
  ms: number | null;
  /** Its 95 % interval. */
  lowMs: number | null;
  highMs: number | null;
  /** How many calls it takes, as far as these tell. */
  callsNeeded: number;
}

export interface BenchmarkIteration {
  calls: number;
  errors: number;
  perSecond: number;
  /** Null without calls that succeeded. */
  p50Ms: number | null;
  p95Ms: number | null;
}

/** What the server used while it was measured. */
export interface BenchmarkResources {
  /** `process`: read from the operating system, of what was started; `monitoring`: what the server has reported. */
  source: 'process' | 'monitoring';
  /** Of one core, on average. */
  cpuPercent: number;
  cpuMsPerCall: number | null;
  /** The most that was seen. */
  memoryMb: number;
  eventLoopDelayMs: number | null;
}

export interface Saturation {
  /** Null when every rate that was tried was held. */
  perSecond: number | null;
  /** The highest rate that was held; null when none was. */
  heldPerSecond: number | null;
  /** The lowest rate that was not. */
  brokenPerSecond: number | null;
  /** In one sentence. */
  words: string;
  steps: readonly SaturationStep[];
}

export interface SaturationStep {
  offeredPerSecond: number;
  answeredPerSecond: number;
  errorPercent: number;
  p50Ms: number | null;
  p95Ms: number | null;
  /** Why the rate was not held; null when it was. */
  broken: string | null;
}

export interface BenchmarkChange {
  metric: string;
  before: number;
  now: number;
  verdict: ComparisonVerdict;
  /** E.g. `12.3 % slower (8.1 to 16.4 %), 99.9 % sure`. */
  words: string;
}

export interface BenchmarkComparison {
  /** Name of the baseline, and when it was measured, ISO 8601. */
  baseline: string;
  measuredAt: string;
  isWorse: boolean;
  /** In one sentence. */
  words: string;
  changes: readonly BenchmarkChange[];
}

export interface BenchmarkReport {
  /** ISO 8601: when it began. */
  startedAt: string;
  target: string;
  tool: string;
  /** As the server names itself. */
  server: { name: string; version: string };
  profile: LoadProfile;
  mode: BenchmarkMode;
  /** Of a closed loop. */
  callers: number | null;
  /** Of an open loop: calls that were begun per second. */
  offeredPerSecond: number | null;
  /** Null where saturation was looked for, and where nothing was measured. */
  figures: BenchmarkFigures | null;
  iterations: readonly BenchmarkIteration[];
  /** Null where nobody knows. */
  resources: BenchmarkResources | null;
  saturation: Saturation | null;
  comparison: BenchmarkComparison | null;
  /** What makes the figures less sure, in words. */
  warnings: readonly string[];
  /** Null when it lasted as long as it should. */
  endedBecause: string | null;
  /** Name of the baseline it was saved as; null when it was not. */
  savedAs: string | null;
}

/** A baseline that was saved. */
export interface SavedBenchmark {
  name: string;
  target: string;
  tool: string;
  profile: LoadProfile;
  mode: BenchmarkMode;
  /** ISO 8601. */
  measuredAt: string;
}

export interface RunningBenchmark {
  target: string;
  tool: string;
  /** ISO 8601. */
  startedAt: string;
}
