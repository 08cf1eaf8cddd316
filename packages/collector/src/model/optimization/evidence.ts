/** What a plan is made of: the figures of a server as plain numbers, read from the store. */
import type { Control } from '@mcp-vitals/wire/decode';
import type { ResourceLimits, Strategy, Target } from './plan.ts';

/** Calls of a tool that began while between `least` and `greatest` of it were under way in the process, themselves included. */
export interface LevelEvidence {
  least: number;
  /** Null: no upper end. */
  greatest: number | null;
  calls: number;
  meanMs: number;
  /** Of the durations. */
  deviationMs: number;
  /** Null where it cannot be told: of calls that ran alone, beside others that did not. */
  p99Ms: readonly [value: number, low: number, high: number] | null;
}

/** The calls of a tool in one minute. */
export interface MinuteEvidence {
  /** Of the minute, as far as it is over. */
  seconds: number;
  calls: number;
  ok: number;
  /** Whose client gave up. */
  cancelled: number;
}

export interface ToolEvidence {
  tool: string;
  calls: number;
  ok: number;
  errors: number;
  sumMs: number;
  p99Ms: readonly [value: number, low: number, high: number];
  maxMs: number;
  /** Now, in all processes. */
  underWay: number;
  oldestAgeMs: number;
  minutes: readonly MinuteEvidence[];
  /** Ascending. */
  levels: readonly LevelEvidence[];
  /** In a queue that a policy made. */
  queued: { calls: number; meanMs: number };
}

/** Means and maxima over the range; per process. */
export interface ResourceEvidence {
  cpuPercentAvg: number;
  memoryMbMax: number;
  eventLoopDelayMsAvg: number;
  /** Means of the minute in which the event loop was latest. */
  latestLoop: { cpuPercent: number; eventLoopDelayMs: number };
}

export interface ServerEvidence {
  server: string;
  fromMs: number;
  toMs: number;
  /** Processes that run it; a policy holds in each of them. At least 1. */
  instances: number;
  /** What every process permits that permits anything. */
  permitted: readonly Control[];
  tools: readonly ToolEvidence[];
  /** Absent where no process has told. */
  resources?: ResourceEvidence | undefined;
}

export interface PlanRequest {
  evidence: ServerEvidence;
  strategy: Strategy;
  target: Target;
  limits: ResourceLimits;
}
