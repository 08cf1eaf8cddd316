/** What decides when the next call starts: an answer (closed loop), or a time (open loop). */
import type { Clock } from '../../clock.ts';
import type { Load } from '../baseline.ts';
import { type Arrivals, arrivalTimes } from './arrivals.ts';
import { closedLoop } from './closedLoop.ts';
import { openLoop } from './openLoop.ts';

export type Pace = ClosedPace | OpenPace;

export interface ClosedPace {
  kind: 'closed';
  callers: number;
}

export interface OpenPace {
  kind: 'open';
  perSecond: number;
  arrivals: Arrivals;
  /** Calls under way at a time, of which another is dropped. */
  maxOutstanding: number;
}

/** More waiting calls than this say nothing new of a server, and cost memory on both sides. */
export const MAX_OUTSTANDING = 1_000;

export interface PaceOptions<Call> {
  calls: Iterable<Call>;
  clock: Pick<Clock, 'monotonicMs'>;
  /** Of the times of an open loop. */
  seed: number;
  /** Of an open loop: how long calls come in. */
  durationMs?: number;
  isOver(): boolean;
  /** @param fromMs from when its time counts, by the clock */
  make(call: Call, fromMs: number): Promise<void>;
  drop(call: Call, dueMs: number): void;
}

/** @returns when every call is answered or dropped */
export function runPaced<Call>(pace: Pace, options: PaceOptions<Call>): Promise<void> {
  const { calls, clock, seed, durationMs = Number.POSITIVE_INFINITY, isOver, make, drop } = options;
  if (pace.kind === 'closed') return closedLoop(calls, pace.callers, (call) => make(call, clock.monotonicMs()), isOver);
  const { maxOutstanding } = pace;
  const arrivalsMs = before(durationMs, arrivalTimes({ ...pace, seed }));
  return openLoop({ calls, arrivalsMs, maxOutstanding, clock, isOver, make, drop });
}

/** What of a pace is kept with a baseline. */
export function loadOfPace(pace: Pace): Pick<Load, 'concurrency' | 'perSecond'> {
  return pace.kind === 'closed'
    ? { concurrency: pace.callers }
    : { concurrency: pace.maxOutstanding, perSecond: pace.perSecond };
}

function* before(endMs: number, times: Iterable<number>): Generator<number> {
  for (const timeMs of times) {
    if (timeMs >= endMs) return;
    yield timeMs;
  }
}
