/** What lasting trends are looked for in: columns of values made of stored steps. */
import { groupBy } from '../../model/groupBy.ts';
import type { LastingTrend, ReportTimeline } from '../../model/report.ts';
import { callCount, errorRatePercent, type ResourceRollup, type SeriesRollup } from '../../model/rollup.ts';
import type { TrendSeries } from './lastingTrends.ts';

/** A p95 of fewer calls is the slowest of them, and says more of chance than of the tool. */
const MIN_CALLS_FOR_TIMES = 10;

type Point = TrendSeries['points'][number];

/** Of everything together. */
export function seriesOfTimeline({ points }: ReportTimeline): TrendSeries[] {
  return [
    seriesOf('', 'response_time', points, ({ calls, p95Ms }) => (calls < MIN_CALLS_FOR_TIMES ? null : p95Ms)),
    seriesOf('', 'error_rate', points, ({ calls, errors }) => (calls === 0 ? null : (100 * errors) / calls)),
    seriesOf('', 'calls', points, ({ calls }) => calls),
  ];
}

/** Of each server. @param steps of scope `server`, read with their digests */
export function seriesOfServers(steps: readonly SeriesRollup[]): TrendSeries[] {
  return [...groupBy(steps, ({ series }) => series.server)].flatMap(([server, own]) => [
    seriesOf(server, 'response_time', own, (step) =>
      callCount(step) < MIN_CALLS_FOR_TIMES ? null : step.digest!.quantile(0.95),
    ),
    seriesOf(server, 'error_rate', own, (step) => (callCount(step) === 0 ? null : errorRatePercent(step))),
    seriesOf(server, 'calls', own, callCount),
  ]);
}

export function seriesOfResources(steps: readonly ResourceRollup[]): TrendSeries[] {
  return [...groupBy(steps, ({ server }) => server)].flatMap(([server, own]) => [
    seriesOf(server, 'cpu', own, ({ cpuPercentAvg }) => cpuPercentAvg),
    seriesOf(server, 'memory', own, ({ memoryPercentAvg }) => memoryPercentAvg),
  ]);
}

function seriesOf<Step extends { startMs: number }>(
  server: string,
  metric: LastingTrend['metric'],
  steps: readonly Step[],
  value: (step: Step) => number | null,
): TrendSeries {
  const points = steps.map((step): Point => ({ startMs: step.startMs, value: value(step) ?? Number.NaN }));
  return { server, metric, points };
}
