/** How servers did over the range: calls, durations, and what their processes used. */
import { giveWay } from '../../clock.ts';
import type { AnalysisDashboard, DashboardRange, ServerFigures } from '../../model/analysisDashboard.ts';
import { statsOf } from '../../model/callStats.ts';
import { mergeRollups } from '../../model/mergeRollups.ts';
import type { CallStats, Dashboard, DashboardServer, ReportTimeline, ToolStats } from '../../model/report.ts';
import type { ResourceRollup, Rollup } from '../../model/rollup.ts';
import type { ServerInfo } from '../../model/series.ts';
import type { Timeline } from '../../model/timeline.ts';
import type { Views } from '../../serve/ports/views.ts';
import type { Store, TimeRange } from '../../store/store.ts';

type Figures = Pick<AnalysisDashboard, 'health' | 'overall' | 'servers' | 'timeline'>;

/** Steps that are stored as they are: merging minutes of a day for finer ones would hold up ingest. */
const TIMELINE_POINTS: Readonly<Record<DashboardRange, number>> = { live: 5, hour: 60, day: 24, week: 168, month: 30 };

export interface FiguresDeps {
  store: Pick<Store, 'readRollups' | 'readResources'>;
  views: Pick<Views, 'timeline'>;
}

/** What the dashboard is about. */
export interface Shown extends TimeRange {
  rangeName: DashboardRange;
  server: string | undefined;
  known: readonly ServerInfo[];
}

/** @param now how servers are in the last hour */
export async function readFigures({ store, views }: FiguresDeps, shown: Shown, now: Dashboard): Promise<Figures> {
  const { fromMs, toMs, rangeName, server, known } = shown;
  const subject = { server, name: undefined, kind: 'tool' } as const;
  const points = TIMELINE_POINTS[rangeName];
  const timeline = await views.timeline({ fromMs, toMs, subject, points, heatmap: false });
  const states = new Map(now.servers.map((state) => [state.name, state]));
  const servers: ServerFigures[] = [];
  const rollups: Rollup[] = [];
  for (const { name, liveInstances } of known) {
    await giveWay();
    const calls = await store.readRollups({ fromMs, toMs, filter: { server: name }, scope: 'server', digests: true });
    await giveWay();
    const [usage] = await store.readResources({ fromMs, toMs }, name, 'range');
    rollups.push(...calls.rollups);
    const stats = statsOf(calls.rollups[0]);
    servers.push({
      ...{ server: name, instances: liveInstances, callsPerSecond: perSecond(stats, shown) },
      ...stateOf(states.get(name)),
      ...stats,
      resources: usageOf(usage),
    });
  }
  const overall = statsOf(mergeRollups(rollups));
  return {
    health: server === undefined ? now.systemHealth : (states.get(server)?.status ?? 'healthy'),
    overall: { ...overall, callsPerSecond: perSecond(overall, shown) },
    timeline: timelineOf(timeline),
    servers: servers.sort((a, b) => a.healthScore - b.healthScore || b.calls - a.calls),
  };
}

/** Of all servers together, slowest p95 first; server by server, so that ingest has its turn between them. */
export async function readTools(views: Pick<Views, 'tools'>, { fromMs, toMs, known }: Shown): Promise<ToolStats[]> {
  const tools: ToolStats[] = [];
  for (const { name } of known) {
    tools.push(...(await views.tools({ fromMs, toMs }, { server: name, kind: 'tool' })));
    await giveWay();
  }
  const totalMs = tools.reduce((sum, tool) => sum + tool.totalMs, 0);
  return tools
    .map((tool) => ({ ...tool, sharePercent: totalMs === 0 ? 0 : (100 * tool.totalMs) / totalMs }))
    .sort((a, b) => b.p95Ms - a.p95Ms || b.calls - a.calls);
}

function perSecond({ calls }: CallStats, { fromMs, toMs }: TimeRange): number {
  return (1000 * calls) / (toMs - fromMs);
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
