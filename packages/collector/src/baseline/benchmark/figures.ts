/** The figures of a benchmark, each with what it takes to be known. */
import type { Digest } from '@mcp-vitals/sketch';
import type { BenchmarkFigures, BenchmarkIteration, QuantileFigure } from '../../model/benchmark.ts';
import { quantileInterval } from '../../model/intervals.ts';
import { failureCount, successCount, type ToolRun, wholeDigest } from '../baseline.ts';
import { effectiveCount } from '../compare/effectiveCount.ts';
import { roundsBeyond } from '../compare/measures.ts';
import type { Phase } from '../load/phase.ts';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** Of a 95 % interval. */
const Z = 1.96;

export function figuresOf(run: ToolRun, phases: readonly Phase[]): BenchmarkFigures {
  const errors = failureCount(run);
  const calls = successCount(run) + errors;
  return {
    calls,
    perSecond: perSecondOf(phases),
    errors,
    errorPercent: calls === 0 ? 0 : (100 * errors) / calls,
    errorsByKind: run.failures,
    durations: QUANTILES.map((q) => quantileFigure(q, run, wholeDigest(run))),
  };
}

export function iterationOf(phase: Phase): BenchmarkIteration {
  const digest = wholeDigest(phase);
  const quantile = (q: number) => (digest.count === 0 ? null : digest.quantile(q));
  return {
    calls: phase.calls,
    errors: failureCount(phase),
    perSecond: perSecondOf([phase]),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
  };
}

/** Calls that succeeded in time; those that were answered later say how late, not how many. */
export function perSecondOf(phases: readonly Phase[]): number {
  const answered = phases.reduce((sum, phase) => sum + phase.answeredInTime, 0);
  const elapsedMs = phases.reduce((sum, phase) => sum + phase.elapsedMs, 0);
  return elapsedMs === 0 ? 0 : (1_000 * answered) / elapsedMs;
}

/** All iterations as one run. */
export function joinedRun(tool: string, phases: readonly Phase[]): ToolRun {
  const failures: Partial<Record<keyof Phase['failures'], number>> = {};
  for (const phase of phases) {
    for (const kind of Object.keys(phase.failures) as (keyof Phase['failures'])[])
      failures[kind] = (failures[kind] ?? 0) + phase.failures[kind]!;
  }
  return { tool, rounds: phases.flatMap(({ rounds }) => rounds), failures };
}

/**
 * A quantile is known when its interval has two ends: when there are calls beyond it as well, by more than chance. That takes
 * z² q / (1 - q) independent calls, 3,838 for a p99.9; of calls that depend on each other more.
 */
function quantileFigure(q: number, run: ToolRun, digest: Digest): QuantileFigure {
  const name = `p${Number((100 * q).toFixed(1))}`;
  const independent = Math.ceil((Z ** 2 * q) / (1 - q));
  if (digest.count === 0) return { name, ms: null, lowMs: null, highMs: null, callsNeeded: independent };
  const value = digest.quantile(q);
  const worth = effectiveCount(roundsBeyond(run, value));
  const callsNeeded = Math.ceil((independent * digest.count) / worth);
  const [low, high] = quantileInterval(q, digest, worth, Z);
  if (!Number.isFinite(high)) return { name, ms: null, lowMs: null, highMs: null, callsNeeded };
  return { name, ms: value, lowMs: Math.min(low, value), highMs: Math.max(high, value), callsNeeded };
}
