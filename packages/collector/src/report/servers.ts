/** Each server with its figures and its health, and the health of all. */
import type { Alert } from '../model/alert.ts';
import { statsOf } from '../model/callStats.ts';
import type { CallStats, Health, ServerStats } from '../model/report.ts';
import type { Rollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import { countAlerts, firing, NO_ALERTS } from './alertCounts.ts';
import { healthOf, healthScore, worstHealth } from './health.ts';

/** Worst health first; servers without a call in the period included. */
export function buildServers(
  known: readonly ServerInfo[],
  rollups: ReadonlyMap<string, Rollup>,
  unresolvedAlerts: readonly Alert[],
): ServerStats[] {
  const alerts = countAlerts(firing(unresolvedAlerts));
  return known
    .map(({ name, version }) => {
      const stats: CallStats = statsOf(rollups.get(name));
      const health = healthScore({ ...stats, alerts: alerts.get(name) ?? NO_ALERTS });
      return { server: name, version, ...stats, healthScore: health };
    })
    .sort((a, b) => a.healthScore - b.healthScore || b.calls - a.calls);
}

/** A system is as healthy as the worst of its servers; alerts that belong to none of them count as well. */
export function systemHealth(servers: readonly ServerStats[], unresolvedAlerts: readonly Alert[]): Health {
  const isKnown = new Set(servers.map(({ server }) => server));
  const elsewhere = firing(unresolvedAlerts).filter(({ server }) => !isKnown.has(server));
  return worstHealth([
    ...servers.map(({ healthScore: score }) => healthOf(score)),
    ...elsewhere.map(({ severity }) => (severity === 'critical' ? ('critical' as const) : ('degraded' as const))),
  ]);
}
