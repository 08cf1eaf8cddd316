/** Whether what was changed has made it better or worse: figures before and after, and what is concluded from them. */
import type { LatencyCounts } from '../latencyCounts.ts';
import type { Target } from './plan.ts';

/** Calls of a tool, or of all tools of a server, in a slice of time. */
export interface SliceFigures {
  startMs: number;
  lengthMs: number;
  /** Calls that came in: those that ended, and what more of them is under way than was. At least so many where the loop is late. */
  offered: number;
  ok: number;
  /** Refusals and cancellations among them. */
  failed: number;
  /** The most that were under way at once in a process. */
  underWay: number;
  /** Processor time of the server's processes; of a tool it is not known, and 0. */
  cpuMs: number;
  /** How late the event loop of the server's processes was, on average. */
  loopDelayMs: number;
  /** Of the calls that were answered, failures included: of the handler, and how late the event loop was. */
  durations: LatencyCounts;
}

/** A tool that a policy concerns, or with an empty name the whole server. */
export interface ComparedTool {
  tool: string;
  before: readonly SliceFigures[];
  after: readonly SliceFigures[];
}

export interface JudgeRequest {
  target: Target;
  /** Answered calls that may be lost, in per cent. */
  goodputLossPercent: number;
  /** How sure it must be, as a multiple of the standard error; more for a verdict before its time. */
  z: number;
  /** What is worse by less is not worse, in per cent. */
  tolerancePercent: number;
  tools: readonly ComparedTool[];
}

export type Verdict = 'better' | 'same' | 'worse' | 'unknown';

export interface MeasuredChange {
  tool: string;
  metric: 'p99' | 'p90' | 'goodput' | 'cpu_per_call';
  /** Milliseconds; calls per second; milliseconds of processor time. */
  before: number;
  after: number;
  changePercent: number;
  interval: readonly [low: number, high: number];
  /** What was compared: at like load, or where there was none, all of it, the load having become more or less. */
  basis: 'like_load' | 'more_load' | 'less_load';
  verdict: Verdict;
}

export interface Judgement {
  verdict: Verdict;
  changes: readonly MeasuredChange[];
}
