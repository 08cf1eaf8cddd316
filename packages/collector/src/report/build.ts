/** Reads from the store what a report is about and puts the numbers together. */
import type { Clock } from '../clock.ts';
import { statsOf, toolStatsOf } from '../model/callStats.ts';
import { mergeBy, mergeRollups } from '../model/mergeRollups.ts';
import type { CallStats, Report, ServerStats, ToolError, ToolStats, Trend } from '../model/report.ts';
import type { Rollup, SeriesRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { AlertFilter, RecentError, Store, TimeRange } from '../store/store.ts';
import { type AlertCounts, countAlerts, firing, NO_ALERTS } from './alertCounts.ts';
import { readHalves } from './halves.ts';
import { healthScore } from './health.ts';
import { readOtherSeries } from './otherSeries.ts';
import { recommend } from './recommend.ts';
import { targetsOf } from './targets.ts';
import { changedTools, trendsOf } from './trends.ts';

export interface BuildOptions {
  server: string | undefined;
  includeRecommendations: boolean;
  /** Whether series that are no tools are wanted as well. */
  includeOtherKinds: boolean;
}

const BOTTLENECKS = 5;
const MAX_TOOL_TRENDS = 10;
/** Twenty per series are kept; these are enough to tell what the failing ones have in common. */
const MAX_RECENT_ERRORS = 1_000;

const UNRESOLVED: AlertFilter['statuses'] = ['active', 'acknowledged', 'escalated'];
/** What somebody was told of; a condition that is pending may never become an alert. */
const TOLD = [...UNRESOLVED, 'resolved'] as const;

export async function buildReport(
  store: Store,
  clock: Pick<Clock, 'nowMs'>,
  range: TimeRange,
  { server, includeRecommendations, includeOtherKinds }: BuildOptions,
): Promise<Report> {
  const nowMs = clock.nowMs();
  const { whole, first, second, usedRange } = await readHalves(store, range, server);
  const [anomalies, alerts, unresolvedAlerts, known, thresholds, recentErrors, inFlight] = await Promise.all([
    store.readAnomalies(range, { server }),
    store.readAlerts({ server, createdWithin: range, statuses: TOLD }),
    store.readAlerts({ server, statuses: UNRESOLVED }),
    store.listServers(),
    store.listThresholds(),
    store.readRecentErrors({ server }, MAX_RECENT_ERRORS),
    store.readInFlight({ server }),
  ]);

  const servers = known.filter(({ name }) => server === undefined || name === server);
  const tools = toolStatsOf(whole);
  const perServer = mergeBy(whole, ({ series }) => series.server);
  const overall = statsOf(mergeRollups([...perServer.values()]));
  const trends = [...overallTrends(first, second), ...changedTools(first, second).slice(0, MAX_TOOL_TRENDS)];
  return {
    atMs: nowMs,
    ...range,
    usedFromMs: usedRange.fromMs,
    usedToMs: usedRange.toMs,
    server,
    overall,
    targets: targetsOf({ overall, alerts, servers: servers.map(({ name }) => name), thresholds }),
    servers: serverStats(servers, perServer, countAlerts(firing(unresolvedAlerts))),
    tools,
    otherSeries: includeOtherKinds ? await readOtherSeries(store, range, server) : undefined,
    newestErrors: newestErrors(recentErrors, range),
    inFlight: inFlight.map(({ series, count, oldestAgeMs }) => ({
      server: series.server,
      tool: series.name,
      calls: count,
      oldestAgeMs,
    })),
    anomalies,
    alerts,
    bottlenecks: bottlenecksOf(tools),
    trends,
    recommendations: includeRecommendations
      ? recommend({
          nowMs,
          tools,
          trends,
          anomalies,
          unresolvedAlerts,
          servers,
          recentErrors,
          inFlight,
          resources: await store.readResources(range, server, 'range'),
        })
      : undefined,
  };
}

function newestErrors(errors: readonly RecentError[], { fromMs, toMs }: TimeRange): ToolError[] {
  return errors
    .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    .map(({ series, atMs, errorClass, code }) => ({
      server: series.server,
      tool: series.name,
      atMs,
      errorClass,
      code,
    }));
}

function overallTrends(first: readonly SeriesRollup[], second: readonly SeriesRollup[]): Trend[] {
  if (first.length === 0 && second.length === 0) return [];
  return trendsOf({ server: '', tool: '' }, mergeRollups(first), mergeRollups(second));
}

/** Worst health first; servers without a call in the period included. */
function serverStats(
  known: readonly ServerInfo[],
  rollups: ReadonlyMap<string, Rollup>,
  alerts: ReadonlyMap<string, AlertCounts>,
): ServerStats[] {
  return known
    .map(({ name, version }) => {
      const stats: CallStats = statsOf(rollups.get(name));
      const health = healthScore({ ...stats, alerts: alerts.get(name) ?? NO_ALERTS });
      return { server: name, version, ...stats, healthScore: health };
    })
    .sort((a, b) => a.healthScore - b.healthScore || b.calls - a.calls);
}

function bottlenecksOf(tools: readonly ToolStats[]): ToolStats[] {
  return [...tools].sort((a, b) => b.totalMs - a.totalMs).slice(0, BOTTLENECKS);
}
