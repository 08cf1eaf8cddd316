/** Minutes of a made-up tool, for tests: Poisson calls, lognormal durations, and what is to happen to them. */
import { MINUTE_MS } from '../../model/rollup.ts';
import type { ToolMinute } from './observation.ts';

export interface SimulatedTool {
  days: number;
  callsPerMinute: number | ((minute: number) => number);
  /** Of the logarithm of the durations. */
  sigma?: number;
  /** By which durations of a minute are multiplied. */
  factor?: (minute: number) => number;
  /** By which the slowest call of a minute is multiplied. */
  slowest?: (minute: number) => number;
  errorRate?: (minute: number) => number;
  seed?: number;
}

const START_MS = Date.UTC(2026, 0, 5);
const MINUTES_PER_DAY = 1_440;

export function* simulateCalls(tool: SimulatedTool): Generator<ToolMinute> {
  const { days, callsPerMinute, sigma = 0.5, factor = one, slowest = one, errorRate = () => 0.005, seed = 1 } = tool;
  const random = randomSource(seed);
  const rate = typeof callsPerMinute === 'number' ? () => callsPerMinute : callsPerMinute;
  for (let minute = 0; minute < days * MINUTES_PER_DAY; minute += 1) {
    const calls = poisson(rate(minute), random);
    const durations = Array.from({ length: calls }, () => 100 * factor(minute) * Math.exp(sigma * normal(random)));
    durations.sort((a, b) => a - b);
    if (calls > 0) durations[calls - 1]! *= slowest(minute);
    const errors = durations.filter(() => random() < errorRate(minute)).length;
    yield {
      atMs: START_MS + minute * MINUTE_MS,
      calls,
      errors,
      p50Ms: durations[Math.ceil(calls / 2) - 1] ?? Number.NaN,
      meanMs: durations.reduce((sum, duration) => sum + duration, 0) / calls,
      maxMs: durations.at(-1) ?? Number.NaN,
    };
  }
}

const one = () => 1;

/** Uniform in 0 to 1, the same for the same seed (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: () => number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let calls = 0;
  for (let product = random(); product > limit; product *= random()) calls += 1;
  return calls;
}
