/** Each server with its figures and its health. */
import type { Alert } from '../model/alert.ts';
import { statsOf } from '../model/callStats.ts';
import type { CallStats, Health, ServerStats } from '../model/report.ts';
import type { Rollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import { countAlerts, NO_ALERTS } from './alertCounts.ts';
import { healthOf, healthScore, worstHealth } from './health.ts';

/** Worst health first; servers without a call in the period included. */
export function buildServers(
  known: readonly ServerInfo[],
  rollups: ReadonlyMap<string, Rollup>,
  unresolvedAlerts: readonly Alert[],
): ServerStats[] {
  const alerts = countAlerts(unresolvedAlerts);
  return known
    .map(({ name, version }) => {
      const stats: CallStats = statsOf(rollups.get(name));
      const health = healthScore({ ...stats, alerts: alerts.get(name) ?? NO_ALERTS });
      return { server: name, version, ...stats, healthScore: health };
    })
    .sort((a, b) => a.healthScore - b.healthScore || b.calls - a.calls);
}

/** A system is as healthy as the worst of its servers. */
export function systemHealth(servers: readonly ServerStats[]): Health {
  return worstHealth(servers.map((server) => healthOf(server.healthScore)));
}
