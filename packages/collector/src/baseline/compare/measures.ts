/** What is compared of a tool: three quantiles of its durations, by their ratio, and its error rate, by the difference. */
import type { Digest } from '@mcp-vitals/sketch';
import {
  ERROR_TOLERANCE_POINTS,
  type Interval,
  MIN_COMPARED_CALLS,
  quantileInterval,
  shareInterval,
} from '../../model/intervals.ts';
import { failureCount, type ToolRun, wholeDigest } from '../baseline.ts';
import { effectiveCount, type RoundCounts } from './effectiveCount.ts';
import { roundCorrelation } from './roundCorrelation.ts';

export type MetricName = 'p50' | 'p95' | 'p99' | 'errors';

const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/** A figure of one run: what it is, and between what it may be. Milliseconds, or per cent. */
export interface Estimate {
  value: number;
  /** The calls it was told from. */
  calls: number;
  /** Calls like these without which its interval has no upper end at this `z`. */
  fewestCalls(z: number): number;
  interval(z: number): Interval;
}

/** A difference is that of `scaled` values, so that ratios are differences of logarithms. */
export interface Measure {
  metric: MetricName;
  from: Estimate;
  to: Estimate;
  /** Of what chance does to the two sides; 0 unless their calls were made in turn, and so met the same machine. */
  correlation: number;
  scaled(value: number): number;
  /** The change in per cent, of error rates in points, that a scaled difference is. */
  changeOf(difference: number): number;
  /** What the change is told in. */
  toldIn: 'percent' | 'ms' | 'points';
  /** Scaled differences up to this one are nothing. */
  tolerance: number;
  /** "No change" is said when one of this size would have shown. */
  mustShow: number;
}

export interface MeasureOptions extends Tolerance {
  /** Whether the calls of both runs were made in turn, round by round. */
  isPaired?: boolean | undefined;
}

export interface Tolerance {
  percent: number;
  /** Quantiles that differ by less do not differ. */
  minChangeMs: number;
}

/** Milliseconds: what is too short to be told from nothing. */
const SHORTEST_MS = 0.001;

/** How many times the tolerance a change has to be before it may not be missed. */
const CLEAR_CHANGE = 5;
const CLEAR_ERROR_POINTS = 10;

/** @returns those of which both runs know anything */
export function measuresOf(from: ToolRun, to: ToolRun, options: MeasureOptions): Measure[] {
  const digests: [Digest, Digest] = [wholeDigest(from), wholeDigest(to)];
  const times = digests.every(({ count }) => count > 0)
    ? (['p50', 'p95', 'p99'] as const).map((metric) => quantileMeasure(metric, [from, to], digests, options))
    : [];
  return [...times, errorMeasure(from, to)];
}

/** Whether there are calls enough to say anything at all. */
export function isWorthComparing({ from, to }: Measure): boolean {
  return Math.min(from.calls, to.calls) >= MIN_COMPARED_CALLS;
}

function quantileMeasure(
  metric: keyof typeof QUANTILES,
  runs: readonly [ToolRun, ToolRun],
  digests: readonly [Digest, Digest],
  { percent, minChangeMs, isPaired }: MeasureOptions,
): Measure {
  const from = quantileEstimate(QUANTILES[metric], runs[0], digests[0]);
  const to = quantileEstimate(QUANTILES[metric], runs[1], digests[1]);
  const share = Math.max(percent / 100, minChangeMs / from.value);
  return {
    metric,
    from,
    to,
    correlation: isPaired ? roundCorrelation(roundsBeyond(runs[0], from.value), roundsBeyond(runs[1], to.value)) : 0,
    scaled: Math.log,
    changeOf: (difference) => 100 * Math.expm1(difference),
    toldIn: minChangeMs / from.value > percent / 100 ? 'ms' : 'percent',
    tolerance: Math.log1p(share),
    mustShow: Math.log1p(CLEAR_CHANGE * share),
  };
}

/** How many calls of each round took longer than a value. */
export function roundsBeyond({ rounds }: Pick<ToolRun, 'rounds'>, valueMs: number): RoundCounts[] {
  return rounds.map(({ digest }) => ({ calls: digest.count, beyond: digest.countAbove(valueMs) }));
}

function quantileEstimate(q: number, run: ToolRun, digest: Digest): Estimate {
  const value = Math.max(SHORTEST_MS, digest.quantile(q));
  const worth = effectiveCount(roundsBeyond(run, value));
  return {
    value,
    calls: digest.count,
    fewestCalls: (z) => (z ** 2 * q * digest.count) / ((1 - q) * worth),
    interval(z) {
      const [low, high] = quantileInterval(q, digest, worth, z);
      return [Math.max(SHORTEST_MS, Math.min(low, value)), Math.max(high, value)];
    },
  };
}

function errorMeasure(from: ToolRun, to: ToolRun): Measure {
  return {
    metric: 'errors',
    from: errorEstimate(from),
    to: errorEstimate(to),
    correlation: 0,
    scaled: (value) => value,
    changeOf: (difference) => difference,
    toldIn: 'points',
    tolerance: ERROR_TOLERANCE_POINTS,
    mustShow: CLEAR_ERROR_POINTS,
  };
}

function errorEstimate(run: ToolRun): Estimate {
  const counts = run.rounds.map(({ digest, errors }) => ({ calls: digest.count + errors, beyond: errors }));
  const calls = counts.reduce((sum, round) => sum + round.calls, 0);
  const share = failureCount(run) / calls;
  const worth = effectiveCount(counts);
  return {
    value: 100 * share,
    calls,
    fewestCalls: () => 0,
    interval(z) {
      const [low, high] = shareInterval(share, worth, z);
      return [100 * low, 100 * high];
    },
  };
}
