/** What a report says step by step: its timeline, the trends that last, and what the servers had to do at their busiest. */
import { nextTurn } from '../clock.ts';
import type { Report, ReportKind, ReportTimeline } from '../model/report.ts';
import { DAY_MS, type SeriesRollup } from '../model/rollup.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { capacityOf } from './capacity.ts';
import type { Evidence } from './readEvidence.ts';
import { groupOf, type Retention, readTimeline, stepOf } from './timeline.ts';
import { lastingTrendsOf, seasonsOf, trendRangeOf } from './trend/lastingTrends.ts';
import { seriesOfResources, seriesOfServers, seriesOfTimeline } from './trend/trendSeries.ts';

/** A day of hours: some ten milliseconds of work. */
const STEPS_AT_A_TIME = 24;
const MAX_EMPTY_MS = 400 * DAY_MS;

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
  const timeline = await readTimeline(store, range, server, stepOf(range, nowMs, retention));
  const trendRange = withoutEmptyYears(trendRangeOf(range, kind), timeline);
  const stepMs = stepOf(trendRange, nowMs, retention);
  const hasTrends = seasonsOf(trendRange, stepMs) !== undefined;
  const steps = await readServerSteps(store, trendRange, server, stepMs, hasTrends);
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

/** A timeline that was cut begins where there are calls. */
function withoutEmptyYears({ fromMs, toMs }: TimeRange, { points }: ReportTimeline): TimeRange {
  const [first] = points;
  if (first === undefined) return { fromMs: toMs, toMs };
  return { fromMs: toMs - fromMs > MAX_EMPTY_MS ? Math.max(fromMs, first.startMs) : fromMs, toMs };
}

/** Steps of each server; every so many of them, what else waits in this process, ingest above all, has its turn. */
async function readServerSteps(
  store: Pick<Store, 'readRollups'>,
  { fromMs, toMs }: TimeRange,
  server: string | undefined,
  stepMs: number,
  digests: boolean,
): Promise<SeriesRollup[]> {
  const query = { filter: { server }, scope: 'server' as const, groupBy: groupOf(stepMs), digests };
  const sliceMs = STEPS_AT_A_TIME * stepMs;
  const steps: SeriesRollup[] = [];
  for (let atMs = fromMs; atMs < toMs; ) {
    const endMs = Math.min(toMs, (Math.floor(atMs / sliceMs) + 1) * sliceMs);
    const { rollups } = await store.readRollups({ ...query, fromMs: atMs, toMs: endMs });
    steps.push(...rollups);
    atMs = endMs;
    await nextTurn();
  }
  return steps;
}
