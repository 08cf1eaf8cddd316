/** How servers did over the range: calls, durations, and what their processes used. */
import type { AnalysisDashboard, ServerFigures } from '../../model/analysisDashboard.ts';
import { statsOf } from '../../model/callStats.ts';
import { mergeRollups } from '../../model/mergeRollups.ts';
import type { Dashboard, DashboardServer, ReportTimeline } from '../../model/report.ts';
import type { ResourceRollup } from '../../model/rollup.ts';
import type { ServerInfo } from '../../model/series.ts';
import type { Timeline } from '../../model/timeline.ts';
import type { Views } from '../../serve/services.ts';
import type { Store, TimeRange } from '../../store/store.ts';

type Figures = Pick<AnalysisDashboard, 'health' | 'overall' | 'servers' | 'timeline'>;

/** As many as a chart shows apart. */
const TIMELINE_POINTS = 96;

export interface FiguresDeps {
  store: Pick<Store, 'readRollups' | 'readResources'>;
  views: Pick<Views, 'timeline'>;
}

/**
 * @param known those that the dashboard is about
 * @param now how they are in the last hour
 */
export async function readFigures(
  { store, views }: FiguresDeps,
  range: TimeRange,
  server: string | undefined,
  known: readonly ServerInfo[],
  now: Dashboard,
): Promise<Figures> {
  const subject = { server, name: undefined, kind: 'tool' } as const;
  const [{ rollups }, resources, timeline] = await Promise.all([
    store.readRollups({ ...range, filter: { server }, scope: 'server', digests: true }),
    store.readResources(range, server, 'range'),
    views.timeline({ ...range, subject, points: TIMELINE_POINTS, heatmap: false }),
  ]);
  const seconds = (range.toMs - range.fromMs) / 1000;
  const perServer = new Map(rollups.map((rollup) => [rollup.series.server, rollup]));
  const used = new Map(resources.map((usage) => [usage.server, usage]));
  const states = new Map(now.servers.map((state) => [state.name, state]));
  const overall = statsOf(mergeRollups(rollups));
  return {
    health: server === undefined ? now.systemHealth : (states.get(server)?.status ?? 'healthy'),
    overall: { ...overall, callsPerSecond: overall.calls / seconds },
    timeline: timelineOf(timeline),
    servers: known
      .map(({ name, liveInstances }) => {
        const stats = statsOf(perServer.get(name));
        const rate = { instances: liveInstances, callsPerSecond: stats.calls / seconds };
        return { server: name, ...stateOf(states.get(name)), ...stats, ...rate, resources: usageOf(used.get(name)) };
      })
      .sort((a, b) => a.healthScore - b.healthScore || b.calls - a.calls),
  };
}

function timelineOf({ fromMs, stepMs, calls, errors, p50Ms, p95Ms, p99Ms }: Timeline): ReportTimeline {
  const points = calls.map((count, step) => ({
    startMs: fromMs + step * stepMs,
    calls: count,
    errors: errors[step]!,
    p50Ms: p50Ms[step]!,
    p95Ms: p95Ms[step]!,
    p99Ms: p99Ms[step]!,
  }));
  return { stepMs, points };
}

function stateOf(state: DashboardServer | undefined): Pick<ServerFigures, 'healthScore' | 'status' | 'activeAlerts'> {
  const { healthScore = 100, status = 'healthy', activeAlerts = 0 } = state ?? {};
  return { healthScore, status, activeAlerts };
}

function usageOf(usage: ResourceRollup | undefined): ServerFigures['resources'] {
  if (usage === undefined) return null;
  return {
    cpuPercent: usage.cpuPercentAvg,
    cpuPercentMax: usage.cpuPercentMax,
    memoryMb: usage.memoryMbAvg,
    memoryPercentMax: usage.memoryPercentMax,
    eventLoopDelayMs: usage.eventLoopDelayMsAvg,
    eventLoopDelayMsMax: usage.eventLoopDelayMsMax,
  };
}
