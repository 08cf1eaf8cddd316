/**
 * What the strategies differ in, as data. `docs/optimization.md` shows the same table: how much room a limit leaves, how long a
 * call may wait, what may be lost for what is won.
 */
import type { Strategy, Target } from '../../model/optimization/plan.ts';

export interface Rules {
  /** A limit is where this share of the greatest throughput is reached. */
  capacityShare: number;
  /** How far the limit may rise by itself, as a multiple. */
  adaptiveRise: number;
  /** Places in the queue, as a multiple of the root of the limit; a call may wait as long as so many take. */
  queueFactor: number;
  /** Answered calls that may be lost, in per cent. */
  goodputLossPercent: number;
  /** What the p99 has to fall by, in per cent, for a limit to be worth it. */
  leastGainPercent: number;
  /** A call that hangs is ended after this many times its p99. */
  timeoutFactor: number;
  /** How old an answer may be that is given again; 0: none is. */
  cacheSeconds: number;
  coalesces: boolean;
  sheds: boolean;
}

export const RULES: Readonly<Record<Strategy, Rules>> = {
  conservative: {
    capacityShare: 0.99,
    adaptiveRise: 4,
    queueFactor: 16,
    goodputLossPercent: 1,
    leastGainPercent: 50,
    timeoutFactor: 20,
    cacheSeconds: 0,
    coalesces: false,
    sheds: false,
  },
  balanced: {
    capacityShare: 0.95,
    adaptiveRise: 2,
    queueFactor: 8,
    goodputLossPercent: 5,
    leastGainPercent: 30,
    timeoutFactor: 10,
    cacheSeconds: 5,
    coalesces: true,
    sheds: false,
  },
  aggressive: {
    capacityShare: 0.9,
    adaptiveRise: 2,
    queueFactor: 4,
    goodputLossPercent: 10,
    leastGainPercent: 15,
    timeoutFactor: 5,
    cacheSeconds: 60,
    coalesces: true,
    sheds: true,
  },
};

/** A longer queue loses fewer calls to chance, and lets each wait longer. */
export const QUEUE_FACTOR: Readonly<Record<Target, number>> = { latency: 1, throughput: 2, efficiency: 1 };

/** Calls of a tool below which nothing is said of it. */
export const MIN_TOOL_CALLS = 100;

/** A server that is asked for this share of what it can do is saturated: chance alone makes long queues then. */
export const SATURATED_AT = 0.9;

/** An event loop that is this late on average delays everything that the process does. */
export const LATE_LOOP_MS = 50;

/** A tool with a smaller share of the time cannot be said to be what the processor works for. */
export const DOMINANT_SHARE = 0.6;
