/** Reads from the store what a report is about and puts the numbers together. */
import type { Clock } from '../clock.ts';
import type { CallStats, Report, ServerStats, ToolStats, Trend } from '../model/report.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Rollup, type SeriesRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { AlertFilter, Store, TimeRange } from '../store/store.ts';
import { type AlertCounts, countAlerts, NO_ALERTS } from './alertCounts.ts';
import { healthScore } from './health.ts';
import { recommend } from './recommend.ts';
import { statsOf, toolStatsOf } from './stats.ts';
import { targetsOf } from './targets.ts';
import { changedTools, trendsOf } from './trends.ts';

export interface BuildOptions {
  server: string | undefined;
  includeRecommendations: boolean;
}

const BOTTLENECKS = 5;
const MAX_TOOL_TRENDS = 10;
/** Twenty per series are kept; these are enough to tell what the failing ones have in common. */
const MAX_RECENT_ERRORS = 1_000;

const UNRESOLVED: AlertFilter['statuses'] = ['active', 'acknowledged', 'escalated'];

export async function buildReport(
  store: Store,
  clock: Pick<Clock, 'nowMs'>,
  range: TimeRange,
  { server, includeRecommendations }: BuildOptions,
): Promise<Report> {
  const filter = { server };
  const nowMs = clock.nowMs();
  const [first, second] = halves(range);
  const overallScope = server === undefined ? 'all' : 'server';
  const series = (part: TimeRange) => store.readRollups({ ...part, filter, scope: 'series', digests: true });
  const overall = (part: TimeRange) => store.readRollups({ ...part, filter, scope: overallScope, digests: true });
  const [whole, wholeOverall, perServer, firstTools, secondTools, firstOverall, secondOverall] = await Promise.all([
    series(range),
    overall(range),
    store.readRollups({ ...range, filter, scope: 'server', digests: true }),
    series(first),
    series(second),
    overall(first),
    overall(second),
  ]);
  const [anomalies, alerts, unresolvedAlerts, known, thresholds] = await Promise.all([
    store.readAnomalies(range, { server }),
    store.readAlerts({ server, createdWithin: range }),
    store.readAlerts({ server, statuses: UNRESOLVED }),
    store.listServers(),
    store.listThresholds(),
  ]);

  const servers = known.filter(({ name }) => server === undefined || name === server);
  const tools = toolStatsOf(whole.rollups);
  const stats = statsOf(wholeOverall.rollups[0]);
  const trends = [
    ...overallTrends(firstOverall.rollups[0], secondOverall.rollups[0]),
    ...changedTools(firstTools.rollups, secondTools.rollups).slice(0, MAX_TOOL_TRENDS),
  ];
  return {
    atMs: nowMs,
    ...range,
    usedFromMs: whole.usedRange.fromMs,
    usedToMs: whole.usedRange.toMs,
    server,
    overall: stats,
    targets: targetsOf({ overall: stats, alerts, servers: servers.map(({ name }) => name), thresholds }),
    servers: serverStats(servers, perServer.rollups, countAlerts(unresolvedAlerts)),
    tools,
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
          ...(await readEvidence(store, range, server)),
        })
      : undefined,
  };
}

async function readEvidence(store: Store, range: TimeRange, server: string | undefined) {
  const [recentErrors, inFlight, resources] = await Promise.all([
    store.readRecentErrors({ server }, MAX_RECENT_ERRORS),
    store.readInFlight({ server }),
    store.readResources(range, server, 'range'),
  ]);
  return { recentErrors, inFlight, resources };
}

/** Two halves that meet where rows do, so that neither has to be widened into the other. */
function halves({ fromMs, toMs }: TimeRange): [TimeRange, TimeRange] {
  const lengthMs = toMs - fromMs;
  const unitMs = lengthMs > 20 * DAY_MS ? DAY_MS : lengthMs > 20 * HOUR_MS ? HOUR_MS : MINUTE_MS;
  const middle = Math.floor((fromMs + lengthMs / 2) / unitMs) * unitMs;
  const middleMs = Math.min(Math.max(middle, fromMs), toMs);
  return [
    { fromMs, toMs: middleMs },
    { fromMs: middleMs, toMs },
  ];
}

const NOTHING: Rollup = { outcomes: [0, 0, 0, 0, 0, 0, 0], sumMs: 0, minMs: NaN, maxMs: NaN, digest: undefined };

function overallTrends(first: Rollup | undefined, second: Rollup | undefined): Trend[] {
  if (first === undefined && second === undefined) return [];
  return trendsOf({ server: '', tool: '' }, first ?? NOTHING, second ?? NOTHING);
}

/** Worst health first; servers without a call in the period included. */
function serverStats(
  known: readonly ServerInfo[],
  rollups: readonly SeriesRollup[],
  alerts: ReadonlyMap<string, AlertCounts>,
): ServerStats[] {
  const byName = new Map(rollups.map((rollup) => [rollup.series.server, rollup]));
  return known
    .map(({ name, version }) => {
      const stats: CallStats = statsOf(byName.get(name));
      const health = healthScore({ ...stats, alerts: alerts.get(name) ?? NO_ALERTS });
      return { server: name, version, ...stats, healthScore: health };
    })
    .sort((a, b) => a.healthScore - b.healthScore || b.calls - a.calls);
}

function bottlenecksOf(tools: readonly ToolStats[]): ToolStats[] {
  return [...tools].sort((a, b) => b.totalMs - a.totalMs).slice(0, BOTTLENECKS);
}
