/** Shapes of `detect_anomalies`, of the store and of the exported tree. */
import { createHash } from 'node:crypto';

export const ANOMALY_TYPES = [
  'response_time_spike',
  'response_time_regression',
  'error_rate_spike',
  'resource_spike',
  'memory_growth',
  'traffic_stopped',
  'server_silent',
  'metric_change',
] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** The methods that judge a column of values by itself. */
export const STATISTICAL_METHODS = ['z-score', 'moving-avg', 'percentile'] as const;
export type StatisticalMethod = (typeof STATISTICAL_METHODS)[number];

export const DETECTION_METHODS = [...STATISTICAL_METHODS, 'adaptive'] as const;
export type DetectionMethod = (typeof DETECTION_METHODS)[number];

export const SENSITIVITIES = ['low', 'medium', 'high'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

export type AnomalySeverity = 'info' | 'warning' | 'critical';

export interface Anomaly {
  /** Epoch ms of the minute it was seen in; of an incident, of the minute it began in. */
  atMs: number;
  server: string;
  /** Tool name, or that of a metric of the server's own; empty for a whole server. */
  tool: string;
  type: AnomalyType;
  severity: AnomalySeverity;
  currentValue: number;
  /** E.g. "100-500" in the unit of the value. */
  expectedRange: string;
  /** Upper end of the expected range, what an alert raised from it shows as its threshold. */
  expectedMax: number;
  /** E.g. "10x expected". */
  deviation: string;
  /** 0 to 1. */
  confidence: number;
  method: DetectionMethod;
  recommendations: string[];
  /** What method `adaptive` knows more: its anomalies have a beginning and an end. */
  incident?: Incident;
}

export interface Incident {
  /** Epoch ms of the first minute in which it was over; null while it goes on. */
  endedAtMs: number | null;
  /** Epoch ms of the minute in which the evidence was enough. */
  detectedAtMs: number;
  /** Calls since it began; of an error rate, the failed ones. */
  affectedCalls: number;
  /** Log-likelihood ratio against chance, and what an alarm takes, in nats; null where a rule decides. */
  evidence: { nats: number; neededNats: number } | null;
  /** The new version of the server that it began with. */
  deploy: Deploy | null;
  /** What slowed down, failed or stopped with it: one incident with a shared cause. */
  alsoAffects: { server: string; tool: string }[];
  /** Id of the anomaly that this one is part of. */
  partOf: string | null;
}

/** Incidents that go on within a span may have begun this long before it, ms. */
export const INCIDENT_LOOKBACK_MS = 7 * 86_400_000;

/** A server that reported another version than before. */
export interface Deploy {
  atMs: number;
  fromVersion: string;
  toVersion: string;
}

/** The numbers behind an anomaly, minute by minute. */
export interface Explanation {
  anomalyId: string;
  anomaly: Anomaly;
  minutes: ExplainedMinute[];
}

/** Absent values: no calls, or no report of resources, in that minute. */
export interface ExplainedMinute {
  atMs: number;
  calls: number;
  errors: number;
  p50Ms?: number;
  meanMs?: number;
  maxMs?: number;
  cpuPercent?: number;
  memoryMb?: number;
  eventLoopDelayMs?: number;
}

/** As it is kept, item kind `deploy`. */
export interface SeenDeploy extends Deploy {
  server: string;
}

/** E.g. `anomaly-20251031-1305-9f86d081`: by minute, server, tool and type, which are what an anomaly is known by. */
export function anomalyIdOf({ atMs, server, tool, type }: Pick<Anomaly, 'atMs' | 'server' | 'tool' | 'type'>): string {
  const [day, time] = new Date(atMs).toISOString().split('T') as [string, string];
  const hash = createHash('sha256')
    .update(JSON.stringify([atMs, server, tool, type]))
    .digest('hex');
  return `anomaly-${day.replaceAll('-', '')}-${time.slice(0, 2)}${time.slice(3, 5)}-${hash.slice(0, 8)}`;
}

const ANOMALY_ID = /^anomaly-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})-[0-9a-f]{8}$/;

/** Epoch ms of the minute that an id names; undefined when it is none. */
export function minuteOfAnomalyId(anomalyId: string): number | undefined {
  const [, year, month, day, hour, minute] = ANOMALY_ID.exec(anomalyId) ?? [];
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return Number.isNaN(atMs) ? undefined : atMs;
}
