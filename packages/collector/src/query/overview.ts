/**
 * Everything at once, for the first page: the same figures as `get_performance_dashboard`, and around them what a person
 * looks for next: what fires, what changed, where the time goes.
 */
import { type Clock, nextTurn } from '../clock.ts';
import type { Alert } from '../model/alert.ts';
import { statsOf, toolStatsOf } from '../model/callStats.ts';
import { groupBy } from '../model/groupBy.ts';
import type { Overview, ServerOverview, Spark } from '../model/overview.ts';
import type { DashboardServer, ToolStats } from '../model/report.ts';
import {
  averageMs,
  callCount,
  DAY_MS,
  errorCount,
  MINUTE_MS,
  newestMinutes,
  type SeriesRollup,
} from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { Reports } from '../serve/ports/reports.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { readChanges } from './changes.ts';

const SPARK_MINUTES = 60;
/** Long enough to be steady, short enough to be now. */
const RATE_MINUTES = 5;
const MAX_ALERTS = 50;
const MAX_CHANGES = 40;
const MAX_TIME_SHARES = 10;
/** How old the figures of the servers may be. */
const DASHBOARD_AGE_MS = 2_000;

export interface OverviewDeps {
  store: Store;
  reports: Pick<Reports, 'dashboard'>;
  clock: Pick<Clock, 'nowMs'>;
}

export async function readOverview({ store, reports, clock }: OverviewDeps): Promise<Overview> {
  const nowMs = clock.nowMs();
  const minutes = newestMinutes(nowMs, SPARK_MINUTES);
  // One after the other, and others between them: none of it is worth making somebody else wait for all of it.
  const dashboard = await reports.dashboard(DASHBOARD_AGE_MS);
  await nextTurn();
  const known = await store.listServers();
  const perMinute = await store.readRollups({
    ...minutes,
    filter: {},
    scope: 'server',
    groupBy: 'minute',
    digests: false,
  });
  await nextTurn();
  const total = await store.readRollups({ ...minutes, filter: {}, scope: 'all', digests: true });
  const alerts = await store.readAlerts({ statuses: ['active', 'acknowledged', 'escalated'] });
  const timeShares = await readTimeShares(store, minutes);
  await nextTurn();
  const byServer = groupBy(perMinute.rollups, ({ series }) => series.server);
  const infos = new Map(known.map((server) => [server.name, server]));
  const servers = dashboard.servers.map((server) =>
    serverOverview(server, infos.get(server.name), sparkOf(byServer.get(server.name) ?? [], minutes)),
  );
  return {
    ...dashboard,
    servers,
    totals: statsOf(total.rollups[0]),
    callsPerMinute: servers.reduce((sum, { callsPerMinute }) => sum + callsPerMinute, 0),
    sparkFromMs: minutes.fromMs,
    firingAlerts: alerts.filter(({ clearedAtMs }) => clearedAtMs === null).length,
    alerts: worstFirst(alerts).slice(0, MAX_ALERTS),
    changes: await readChanges(store, { fromMs: nowMs - DAY_MS, toMs: nowMs + 1 }, known, MAX_CHANGES),
    timeShares,
  };
}

function serverOverview(server: DashboardServer, info: ServerInfo | undefined, spark: Spark): ServerOverview {
  const lately = spark.calls.slice(-RATE_MINUTES - 1, -1);
  return {
    ...server,
    version: info?.version ?? '',
    lastSeenMs: info?.lastSeenMs ?? 0,
    liveInstances: info?.liveInstances ?? 0,
    callsPerMinute: lately.reduce((sum, calls) => sum + calls, 0) / RATE_MINUTES,
    spark,
  };
}

function sparkOf(rollups: readonly SeriesRollup[], { fromMs, toMs }: TimeRange): Spark {
  const length = (toMs - fromMs) / MINUTE_MS;
  const spark: Spark = {
    calls: new Array<number>(length).fill(0),
    errors: new Array<number>(length).fill(0),
    avgMs: new Array<number | null>(length).fill(null),
  };
  for (const rollup of rollups) {
    const minute = (rollup.startMs - fromMs) / MINUTE_MS;
    if (callCount(rollup) === 0 || minute < 0 || minute >= length) continue;
    spark.calls[minute] = callCount(rollup);
    spark.errors[minute] = errorCount(rollup);
    spark.avgMs[minute] = averageMs(rollup);
  }
  return spark;
}

/** Critical before warning, those that nobody looks after first, then the newest. */
function worstFirst(alerts: readonly Alert[]): Alert[] {
  const rank = ({ severity, status }: Alert) => (severity === 'critical' ? 0 : 2) + (status === 'acknowledged' ? 1 : 0);
  return [...alerts].sort((a, b) => rank(a) - rank(b) || b.createdAtMs - a.createdAtMs);
}

/** The shares take sums only; quantiles are read of the few tools that are shown. */
async function readTimeShares(store: Pick<Store, 'readRollups'>, range: TimeRange): Promise<ToolStats[]> {
  const { rollups } = await store.readRollups({ ...range, filter: {}, scope: 'series', digests: false });
  const totalMs = rollups.reduce((sum, { sumMs }) => sum + sumMs, 0);
  const costliest = rollups
    .filter((rollup) => callCount(rollup) > 0)
    .sort((a, b) => b.sumMs - a.sumMs)
    .slice(0, MAX_TIME_SHARES);
  const tools = await Promise.all(
    costliest.map(async ({ series }) => {
      const filter = { server: series.server, name: series.name };
      return (await store.readRollups({ ...range, filter, scope: 'series', digests: true })).rollups;
    }),
  );
  return toolStatsOf(tools.flat())
    .map((tool) => ({ ...tool, sharePercent: totalMs === 0 ? 0 : (100 * tool.totalMs) / totalMs }))
    .sort((a, b) => b.totalMs - a.totalMs);
}
