/** E.g. `1 critical, 3 warning`; empty where there is none. */
import type { Anomaly } from '../../model/anomaly.ts';
import { count } from '../numbers.ts';

export function severities(anomalies: readonly Anomaly[]): string {
  return (['critical', 'warning', 'info'] as const)
    .map((severity) => [severity, anomalies.filter((anomaly) => anomaly.severity === severity).length] as const)
    .filter(([, found]) => found > 0)
    .map(([severity, found]) => `${count(found)} ${severity}`)
    .join(', ');
}
