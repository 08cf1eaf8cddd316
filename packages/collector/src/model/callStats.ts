/** Rollups as the numbers that people read. */
import { Digest } from '@mcp-vitals/sketch';
import type { CallStats, OtherSeriesStats, ToolStats } from './report.ts';
import { averageMs, callCount, errorCount, errorRatePercent, type Rollup, type SeriesRollup } from './rollup.ts';
import { UNIT_OF_KIND } from './series.ts';

const NO_CALLS: CallStats = {
  calls: 0,
  errors: 0,
  errorRatePercent: 0,
  avgMs: 0,
  p50Ms: 0,
  p95Ms: 0,
  p99Ms: 0,
  maxMs: 0,
};

/** All zero where there is no call. The rollup must have been read with its digest. */
export function statsOf(rollup: Rollup | undefined): CallStats {
  if (rollup === undefined || callCount(rollup) === 0) return NO_CALLS;
  const digest = rollup.digest ?? new Digest();
  return {
    calls: callCount(rollup),
    errors: errorCount(rollup),
    errorRatePercent: errorRatePercent(rollup),
    avgMs: averageMs(rollup),
    p50Ms: digest.quantile(0.5),
    p95Ms: digest.quantile(0.95),
    p99Ms: digest.quantile(0.99),
    maxMs: rollup.maxMs,
  };
}

/** Those that were called, slowest p95 first. */
export function toolStatsOf(rollups: readonly SeriesRollup[]): ToolStats[] {
  const called = rollups.filter((rollup) => callCount(rollup) > 0);
  const totalMs = called.reduce((sum, rollup) => sum + rollup.sumMs, 0);
  return called
    .map((rollup) => ({
      server: rollup.series.server,
      tool: rollup.series.name,
      ...statsOf(rollup),
      totalMs: rollup.sumMs,
      sharePercent: totalMs === 0 ? 0 : (100 * rollup.sumMs) / totalMs,
    }))
    .sort((a, b) => b.p95Ms - a.p95Ms || b.calls - a.calls);
}

/** Of a series that is no tool and has samples. The rollup must have been read with its digest. */
export function otherSeriesStats(rollup: SeriesRollup): OtherSeriesStats {
  const { server, name } = rollup.series;
  const kind = rollup.series.kind as OtherSeriesStats['kind'];
  return {
    server,
    kind,
    name,
    unit: UNIT_OF_KIND[kind],
    samples: callCount(rollup),
    errorRatePercent: errorRatePercent(rollup),
    sum: rollup.sumMs,
    avg: averageMs(rollup),
    p95: rollup.digest!.quantile(0.95),
    max: rollup.maxMs,
  };
}
