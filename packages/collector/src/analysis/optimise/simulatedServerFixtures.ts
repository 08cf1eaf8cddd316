/** A server that is asked at random times, as a simulation of its calls: what a plan is made from, and what it would change. */

import type { ConcurrencyPolicy } from '@mcp-vitals/wire/decode';
import type { LevelEvidence, ServerEvidence } from '../../model/optimization/evidence.ts';

/** How fast each of `n` calls that are under way goes, the oldest first; 1: as fast as alone. */
export type Speeds = (position: number, n: number) => number;

export const SYSTEMS = {
  lock: (position) => (position === 0 ? 1 : 0),
  pool: (position) => (position < 4 ? 1 : 0),
  processor: (_position, n) => 1 / n,
  thrashing: (_position, n) => 1 / (1 + (n / 8) ** 2),
  slowDependency: () => 1,
} as const satisfies Record<string, Speeds>;

export interface SimulatedLoad {
  speeds: Speeds;
  arrivalsPerSecond: number;
  /** A quiet time before: so many seconds with so many calls a second. */
  before?: { seconds: number; arrivalsPerSecond: number } | undefined;
  meanMs: number;
  seconds: number;
  seed: number;
  policy?: ConcurrencyPolicy | undefined;
}

interface Call {
  arrivedMs: number;
  level: number;
  left: number;
  startedMs: number;
}

export interface Simulated {
  durationsMs: number[];
  levels: number[];
  refused: number;
  underWay: number;
  oldestAgeMs: number;
  seconds: number;
}

/** Poisson arrivals and exponential work, from event to event. */
export function simulate({
  speeds,
  arrivalsPerSecond,
  before,
  meanMs,
  seconds,
  seed,
  policy,
}: SimulatedLoad): Simulated {
  const random = randomSource(seed);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const running: Call[] = [];
  const queue: Call[] = [];
  const done: Simulated = { durationsMs: [], levels: [], refused: 0, underWay: 0, oldestAgeMs: 0, seconds };
  let nowMs = 0;
  const gapMs = () =>
    exponential(
      1_000 / (before !== undefined && nowMs < 1_000 * before.seconds ? before.arrivalsPerSecond : arrivalsPerSecond),
    );
  let nextMs = gapMs();
  const admit = () => {
    while (queue.length > 0 && nowMs - queue[0]!.arrivedMs > policy!.maxWaitMs)
      done.refused += queue.splice(0, 1).length;
    while (queue.length > 0 && running.length < policy!.limit) running.push(queue.shift()!);
  };
  const arrive = () => {
    const call = {
      arrivedMs: nowMs,
      level: running.length + queue.length + 1,
      left: exponential(meanMs),
      startedMs: nowMs,
    };
    if (policy === undefined || running.length < policy.limit) running.push(call);
    else if (queue.length < policy.maxQueued) queue.push(call);
    else done.refused += 1;
  };
  while (nowMs < 1_000 * seconds) {
    const speed = running.map((_, position) => speeds(position, running.length));
    const endsMs = Math.min(...running.map((call, i) => (speed[i]! > 0 ? nowMs + call.left / speed[i]! : Infinity)));
    const atMs = Math.min(endsMs, nextMs);
    for (const [i, call] of running.entries()) call.left -= (atMs - nowMs) * speed[i]!;
    nowMs = atMs;
    for (const call of running.filter(({ left }) => left <= 1e-9)) {
      running.splice(running.indexOf(call), 1);
      done.durationsMs.push(nowMs - call.arrivedMs);
      done.levels.push(call.level);
    }
    if (nextMs <= nowMs) {
      arrive();
      nextMs = nowMs + gapMs();
    }
    if (policy !== undefined) admit();
  }
  const left = [...running, ...queue];
  done.underWay = left.length;
  done.oldestAgeMs = Math.max(0, ...left.map(({ arrivedMs }) => nowMs - arrivedMs));
  return done;
}

const BUCKETS: readonly [least: number, greatest: number | null][] = [
  [1, 1],
  [2, 2],
  [3, 4],
  [5, 8],
  [9, 16],
  [17, 32],
  [33, 64],
  [65, null],
];

export function evidenceOf({
  durationsMs,
  levels,
  refused,
  underWay,
  oldestAgeMs,
  seconds,
}: Simulated): ServerEvidence {
  const calls = durationsMs.length + refused;
  const p99 = quantile(durationsMs, 0.99);
  return {
    server: 'shop',
    fromMs: 0,
    toMs: 1_000 * seconds,
    instances: 1,
    permitted: ['concurrency', 'shed'],
    tools: [
      {
        tool: 'search',
        calls,
        ok: durationsMs.length,
        errors: refused,
        sumMs: durationsMs.reduce((sum, duration) => sum + duration, 0),
        p99Ms: [p99, 0.9 * p99, 1.1 * p99],
        maxMs: Math.max(...durationsMs),
        underWay,
        oldestAgeMs,
        minutes: [{ seconds, calls, ok: durationsMs.length, cancelled: 0 }],
        levels: BUCKETS.flatMap((bucket) => levelOf(bucket, durationsMs, levels)),
        queued: { calls: 0, meanMs: 0 },
      },
    ],
  };
}

function levelOf(
  [least, greatest]: (typeof BUCKETS)[number],
  durationsMs: number[],
  levels: number[],
): LevelEvidence[] {
  const of = durationsMs.filter((_, i) => levels[i]! >= least && levels[i]! <= (greatest ?? Infinity));
  if (of.length === 0) return [];
  const meanMs = of.reduce((sum, duration) => sum + duration, 0) / of.length;
  const variance = of.reduce((sum, duration) => sum + (duration - meanMs) ** 2, 0) / of.length;
  const p99 = quantile(of, 0.99);
  return [
    { least, greatest, calls: of.length, meanMs, deviationMs: Math.sqrt(variance), p99Ms: [p99, 0.8 * p99, 1.2 * p99] },
  ];
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

export function randomSource(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
