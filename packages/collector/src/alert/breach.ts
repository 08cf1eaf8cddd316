/** A condition that holds and how bad it is, whether a threshold or the detector says so: what alerts are made of. */
import type { AlertSeverity, Threshold } from '../model/alert.ts';
import { type Anomaly, anomalyIdOf, type Deploy } from '../model/anomaly.ts';
import type { Exceeded } from './followed.ts';

export interface Breach {
  fingerprint: string;
  server: string;
  tool: string;
  severity: AlertSeverity;
  /** E.g. `error_rate > 5%` or `response_time_spike detected`. */
  condition: string;
  currentValue: number;
  threshold: number;
  anomalyId?: string;
  deploy?: Deploy | null;
  evidence?: string[];
  /** How long the condition has to hold; absent: `alerts.pendingMinutes`. */
  pendingMinutes?: number;
  /** How long after a resolution it raises nothing; absent: `alerts.dedupMinutes`. */
  cooldownMinutes?: number;
  /** Who is told of it; absent: as the routes say. */
  channels?: readonly string[];
  /** Neither counts towards the hour's limit of its server nor is held back by it. */
  isUnlimited?: boolean;
}

const UNIT: Record<Threshold['metric'], string> = { response_time: 'ms', error_rate: '%', cpu: '%', memory: '%' };

export function breachOfThreshold(
  { server, tool, metric }: Pick<Exceeded, 'server' | 'tool' | 'metric'>,
  severity: AlertSeverity,
  currentValue: number,
  threshold: number,
): Breach {
  const condition = `${metric} > ${threshold}${UNIT[metric]}`;
  return {
    fingerprint: fingerprintOf(server, tool, metric),
    server,
    tool,
    severity,
    condition,
    currentValue,
    threshold,
  };
}

/** `undefined` for an anomaly that is only worth knowing of, or part of another one. */
export function breachOfAnomaly(anomaly: Anomaly): Breach | undefined {
  const { server, tool, type, severity, currentValue, expectedMax, incident } = anomaly;
  if (severity === 'info' || (incident?.partOf ?? null) !== null) return undefined;
  const condition = `${type} detected`;
  return {
    fingerprint: fingerprintOf(server, tool, type),
    server,
    tool,
    severity,
    condition,
    currentValue,
    threshold: expectedMax,
    anomalyId: anomalyIdOf(anomaly),
    evidence: anomaly.recommendations,
    deploy: incident?.deploy ?? null,
    // The detector has waited for its evidence already.
    ...(incident && { pendingMinutes: 0 }),
  };
}

/** What makes two alerts the same. Names may hold any separator, so they are quoted. */
export function fingerprintOf(server: string, tool: string, subject: string): string {
  return JSON.stringify([server, tool, subject]);
}

export function isWorse(severity: AlertSeverity, than: AlertSeverity): boolean {
  return severity === 'critical' && than === 'warning';
}
