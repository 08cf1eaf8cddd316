/** Reads from the store what a report is about and puts the numbers together. */
import type { Clock } from '../clock.ts';
import { statsOf, toolStatsOf } from '../model/callStats.ts';
import { mergeBy, mergeRollups } from '../model/mergeRollups.ts';
import type { Report, ReportKind, ToolError, ToolStats, Trend } from '../model/report.ts';
import type { SeriesRollup } from '../model/rollup.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { RecentError, Store, TimeRange } from '../store/store.ts';
import { readChanges } from './changes.ts';
import { incidentsOf } from './incidents.ts';
import { optimisationsOf } from './optimisations.ts';
import { readOtherSeries } from './otherSeries.ts';
import { readPrevious } from './previous.ts';
import { readEvidence } from './readEvidence.ts';
import { recommend } from './recommend.ts';
import { buildServers, systemHealth } from './servers.ts';
import { readSteps } from './steps.ts';
import { countTargets, targetsOf } from './targets.ts';
import type { Retention } from './timeline.ts';
import { changedTools, trendsOf } from './trends.ts';

interface BuildOptions {
  /** Default: `period`. */
  kind?: ReportKind | undefined;
  server: string | undefined;
  includeRecommendations: boolean;
  /** Whether series that are no tools are wanted as well. */
  includeOtherKinds: boolean;
}

export interface BuildDeps {
  store: Store;
  audit: Pick<Audit, 'entries'>;
  clock: Pick<Clock, 'nowMs'>;
  retention: Retention;
}

const BOTTLENECKS = 5;
const MAX_TOOL_TRENDS = 10;

export async function buildReport(
  { store, audit, clock, retention }: BuildDeps,
  range: TimeRange,
  { kind = 'period', server, includeRecommendations, includeOtherKinds }: BuildOptions,
): Promise<Report> {
  const nowMs = clock.nowMs();
  const evidence = await readEvidence(store, range, server);
  const { whole, first, second, usedRange, alerts, servers, anomalies, inFlight } = evidence;
  const tools = toolStatsOf(whole);
  const perServer = mergeBy(whole, ({ series }) => series.server);
  const overall = statsOf(mergeRollups([...perServer.values()]));
  const scope = { kind, range, server, nowMs, retention };
  const steps = await readSteps(store, scope, evidence);
  const current = { tools: whole, servers: perServer, overall };
  const incidents = incidentsOf(alerts);
  const targets = targetsOf({ ...evidence, overall, incidents });
  const trends = [...overallTrends(first, second), ...changedTools(first, second).slice(0, MAX_TOOL_TRENDS)];
  const serverStats = buildServers(servers, perServer, evidence.unresolvedAlerts);
  return {
    kind,
    atMs: nowMs,
    ...range,
    usedFromMs: usedRange.fromMs,
    usedToMs: usedRange.toMs,
    server,
    health: systemHealth(serverStats, evidence.unresolvedAlerts),
    overall,
    targets,
    targetCounts: countTargets(targets),
    incidents,
    ...steps,
    previous: kind === 'period' ? undefined : await readPrevious(store, range, server, steps.timeline.stepMs, current),
    servers: serverStats,
    tools,
    otherSeries: includeOtherKinds ? await readOtherSeries(store, range, server) : undefined,
    newestErrors: newestErrors(evidence.recentErrors, range),
    inFlight: inFlight.map(({ series, count, oldestAgeMs }) => ({
      server: series.server,
      tool: series.name,
      calls: count,
      oldestAgeMs,
    })),
    anomalies,
    alerts,
    changes: await readChanges(audit, range, server),
    bottlenecks: bottlenecksOf(tools),
    trends,
    optimisations: optimisationsOf(whole),
    recommendations: includeRecommendations ? recommend({ ...evidence, nowMs, tools, trends }) : undefined,
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

function bottlenecksOf(tools: readonly ToolStats[]): ToolStats[] {
  return [...tools].sort((a, b) => b.totalMs - a.totalMs).slice(0, BOTTLENECKS);
}
