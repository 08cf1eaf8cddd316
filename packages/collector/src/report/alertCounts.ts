/** Unresolved alerts, counted by severity. */
import type { Alert, AlertSeverity } from '../model/alert.ts';

export type AlertCounts = Record<AlertSeverity, number>;

export const NO_ALERTS: Readonly<AlertCounts> = { warning: 0, critical: 0 };

/** Those whose condition holds: one that is over, and waits for its resolution, makes nothing worse than it is. */
export function firing(alerts: readonly Alert[]): Alert[] {
  return alerts.filter(({ clearedAtMs }) => clearedAtMs === null);
}

/** By server; alerts that belong to no server are under the empty name. */
export function countAlerts(alerts: readonly Alert[]): Map<string, AlertCounts> {
  const counts = new Map<string, AlertCounts>();
  for (const { server, severity } of alerts) {
    const count = counts.get(server) ?? { ...NO_ALERTS };
    count[severity]++;
    counts.set(server, count);
  }
  return counts;
}
