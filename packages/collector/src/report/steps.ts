/** What a report says step by step: its timeline, the trends that last, and what the servers had to do at their busiest. */
import type { Report, ReportKind } from '../model/report.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { capacityOf } from './capacity.ts';
import type { Evidence } from './readEvidence.ts';
import { groupOf, type Retention, readTimeline, stepOf } from './timeline.ts';
import { lastingTrendsOf, seasonsOf, trendRangeOf } from './trend/lastingTrends.ts';
import { seriesOfResources, seriesOfServers, seriesOfTimeline } from './trend/trendSeries.ts';

export interface StepScope {
  kind: ReportKind;
  range: TimeRange;
  server: string | undefined;
  nowMs: number;
  retention: Retention;
}

export async function readSteps(
  store: Store,
  { kind, range, server, nowMs, retention }: StepScope,
  { resources, servers }: Pick<Evidence, 'resources' | 'servers'>,
): Promise<Pick<Report, 'timeline' | 'lastingTrends' | 'capacity'>> {
  const trendRange = trendRangeOf(range, kind);
  const stepMs = stepOf(trendRange, nowMs, retention);
  const hasTrends = seasonsOf(trendRange, stepMs) !== undefined;
  const query = { ...trendRange, filter: { server }, groupBy: groupOf(stepMs) };
  const timeline = await readTimeline(store, range, server, stepOf(range, nowMs, retention));
  const { rollups: steps } = await store.readRollups({ ...query, scope: 'server', digests: hasTrends });
  const series = hasTrends
    ? [
        ...seriesOfTimeline(await readTimeline(store, trendRange, server, stepMs)),
        ...(server === undefined ? seriesOfServers(steps) : []),
        ...seriesOfResources(await store.readResources(trendRange, server, groupOf(stepMs))),
      ]
    : [];
  const lastingTrends = lastingTrendsOf(series, trendRange, stepMs);
  const { trends } = lastingTrends;
  const capacity = capacityOf({ range, nowMs, stepMs, steps, resources, trends, servers });
  return { timeline, lastingTrends, capacity };
}
