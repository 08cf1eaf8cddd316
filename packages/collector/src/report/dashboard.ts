/** The state of everything now: the last hour of every server that is known. */
import type { Clock } from '../clock.ts';
import type { Dashboard } from '../model/report.ts';
import { averageMs, callCount, errorCount, errorRatePercent, HOUR_MS, type SeriesRollup } from '../model/rollup.ts';
import type { Store } from '../store/store.ts';
import { type AlertCounts, countAlerts, firing, NO_ALERTS } from './alertCounts.ts';
import { healthOf, healthScore, worstHealth } from './health.ts';

const SPAN_MS = HOUR_MS;

export async function buildDashboard(store: Store, clock: Pick<Clock, 'nowMs'>): Promise<Dashboard> {
  const atMs = clock.nowMs();
  const range = { fromMs: atMs - SPAN_MS, toMs: atMs };
  const [known, { rollups }, alerts, anomalies] = await Promise.all([
    store.listServers(),
    store.readRollups({ ...range, filter: {}, scope: 'server', digests: true }),
    store.readAlerts({ statuses: ['active', 'acknowledged', 'escalated'] }),
    store.readAnomalies(range, {}),
  ]);
  const byServer = new Map(rollups.map((rollup) => [rollup.series.server, rollup]));
  const unresolved = countAlerts(alerts);
  const holding = countAlerts(firing(alerts));
  const servers = known
    .map(({ name }) =>
      dashboardServer(name, byServer.get(name), unresolved.get(name) ?? NO_ALERTS, holding.get(name) ?? NO_ALERTS),
    )
    .sort((a, b) => a.healthScore - b.healthScore);
  const isKnown = new Set(known.map(({ name }) => name));
  const elsewhere = [...holding].filter(([server]) => !isKnown.has(server));
  return {
    atMs,
    servers,
    activeAlerts: alerts.length,
    recentAnomalies: anomalies.length,
    systemHealth: worstHealth([
      ...servers.map(({ status }) => status),
      ...elsewhere.map(([, { critical }]) => (critical > 0 ? ('critical' as const) : ('degraded' as const))),
    ]),
  };
}

/** @param unresolved is shown, @param holding is what health is about */
function dashboardServer(
  name: string,
  rollup: SeriesRollup | undefined,
  unresolved: AlertCounts,
  holding: AlertCounts,
) {
  const calls = rollup ? callCount(rollup) : 0;
  const p95Ms = rollup?.digest && calls > 0 ? rollup.digest.quantile(0.95) : 0;
  const score = healthScore({ calls, errors: rollup ? errorCount(rollup) : 0, p95Ms, alerts: holding });
  return {
    name,
    healthScore: score,
    calls,
    avgResponseTimeMs: rollup ? averageMs(rollup) : 0,
    p95Ms,
    errorRatePercent: rollup ? errorRatePercent(rollup) : 0,
    activeAlerts: unresolved.warning + unresolved.critical,
    status: healthOf(score),
  };
}
