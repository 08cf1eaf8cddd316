/** Shapes that several answers share, and how they are made of what the collector knows. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { ALERT_FEEDBACK, type Alert } from '../../model/alert.ts';
import { type Anomaly, anomalyIdOf, type Incident as KnownIncident } from '../../model/anomaly.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import type { ServerInfo } from '../../model/series.ts';
import { isoTime } from '../params.ts';
import { rounded } from '../tools/rounded.ts';

export const time = z.string().describe('ISO 8601, UTC');
export const names = z.registry<{ id: string }>();

/** Gives a shape the name under which the documentation shows it. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  names.add(schema, { id });
  return schema;
}

export const health = named('Health', z.enum(['healthy', 'degraded', 'critical']));
export const severity = z.enum(['info', 'warning', 'critical']);
const count = z.number().int();
const ms = z.number().describe('ms');
const percent = z.number().describe('%');
/** One value per step; null where there was no call. */
export const column = z.array(z.number().nullable());
export const counts = z.array(count);

export const callStats = named(
  'CallStats',
  z.object({
    calls: count,
    errors: count,
    errorRatePercent: percent,
    avgMs: ms,
    p50Ms: ms,
    p95Ms: ms,
    p99Ms: ms,
    maxMs: ms,
  }),
);

export const toolStats = named(
  'ToolStats',
  callStats.extend({
    server: z.string(),
    tool: z.string(),
    totalMs: z.number().describe('ms, all calls together'),
    sharePercent: z.number().describe('% of the time of all tools'),
  }),
);

export const alert = named(
  'Alert',
  z.object({
    alertId: z.string(),
    createdAt: time,
    server: z.string(),
    tool: z.string().describe('Empty for a whole server'),
    severity: z.enum(['warning', 'critical']),
    status: z.enum(['pending', 'active', 'acknowledged', 'escalated', 'resolved']),
    condition: z.string(),
    currentValue: z.number(),
    threshold: z.number(),
    evidence: z.array(z.string()),
    anomalyId: z.string().nullable(),
    acknowledgedBy: z.string().nullable(),
    acknowledgedAt: time.nullable(),
    notes: z.string().nullable(),
    escalatedAt: time.nullable(),
    clearedAt: time.nullable().describe('Since when the condition no longer holds'),
    resolvedAt: time.nullable(),
    repeats: count,
    feedback: z.enum(ALERT_FEEDBACK).nullable(),
  }),
);

export function presentedAlert(raised: Alert): z.input<typeof alert> {
  const { alertId, server, tool, severity, status, condition, currentValue, threshold, evidence } = raised;
  const { anomalyId, acknowledgedBy, notes, repeats, feedback } = raised;
  return {
    ...{
      alertId,
      server,
      tool,
      severity,
      status,
      condition,
      evidence,
      anomalyId,
      acknowledgedBy,
      notes,
      repeats,
      feedback,
    },
    currentValue: rounded(currentValue),
    threshold: rounded(threshold),
    createdAt: isoTime(raised.createdAtMs),
    acknowledgedAt: timeOrNull(raised.acknowledgedAtMs),
    escalatedAt: timeOrNull(raised.escalatedAtMs),
    clearedAt: timeOrNull(raised.clearedAtMs),
    resolvedAt: timeOrNull(raised.resolvedAtMs),
  };
}

export const deploy = z.object({ at: time, fromVersion: z.string(), toVersion: z.string() });

const incident = named(
  'Incident',
  z.object({
    detectedAt: time.describe('When the evidence was enough'),
    affectedCalls: count,
    evidence: z.object({ nats: z.number(), neededNats: z.number() }).nullable(),
    deploy: deploy.nullable(),
    alsoAffects: z.array(z.object({ server: z.string(), tool: z.string() })),
    partOf: z.string().nullable().describe('Id of the incident that this one is part of'),
  }),
);

export const anomaly = named(
  'Anomaly',
  z.object({
    anomalyId: z.string(),
    at: time,
    endedAt: time.nullable().describe('Null while it goes on; of a finding about one minute, the end of that minute'),
    server: z.string(),
    tool: z.string().describe('Empty for a whole server'),
    type: z.string(),
    severity,
    currentValue: z.number(),
    expectedRange: z.string(),
    expectedMax: z.number(),
    deviation: z.string(),
    confidence: z.number().describe('0 to 1'),
    method: z.string(),
    recommendations: z.array(z.string()),
    incident: incident.nullable().describe('What method `adaptive` knows more'),
  }),
);

export function presentedAnomaly(found: Anomaly): z.input<typeof anomaly> {
  const { server, tool, type, severity, expectedRange, deviation, method, recommendations, incident } = found;
  const endedAtMs = incident === undefined ? found.atMs + MINUTE_MS : incident.endedAtMs;
  return {
    ...{ server, tool, type, severity, expectedRange, deviation, method, recommendations },
    anomalyId: anomalyIdOf(found),
    at: isoTime(found.atMs),
    endedAt: timeOrNull(endedAtMs),
    currentValue: rounded(found.currentValue),
    expectedMax: rounded(found.expectedMax),
    confidence: rounded(found.confidence),
    incident: incident ? presentedIncident(incident) : null,
  };
}
function presentedIncident({ detectedAtMs, affectedCalls, evidence, deploy, alsoAffects, partOf }: KnownIncident) {
  return {
    detectedAt: isoTime(detectedAtMs),
    affectedCalls,
    evidence: evidence && roundedFields(evidence),
    deploy: deploy && { at: isoTime(deploy.atMs), fromVersion: deploy.fromVersion, toVersion: deploy.toVersion },
    alsoAffects,
    partOf,
  };
}

export const server = named(
  'Server',
  z.object({
    name: z.string(),
    version: z.string(),
    firstSeenAt: time,
    lastSeenAt: time,
    liveInstances: count,
    hosts: z.array(z.string()),
    dropped: z.record(z.string(), count).describe('Samples that its SDKs lost, by reason'),
  }),
);

export function presentedServer({ firstSeenMs, lastSeenMs, ...rest }: ServerInfo): z.input<typeof server> {
  return { ...rest, firstSeenAt: isoTime(firstSeenMs), lastSeenAt: isoTime(lastSeenMs) };
}

export function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoTime(atMs);
}

/** Durations are measured to the microsecond; more digits are noise of the arithmetic, and bytes. */
export function roundedColumn(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => (value === null ? null : rounded(value)));
}

/** By their first digits: where all durations are short, those after the point would be the same. */
export function roundedBounds(boundsMs: readonly number[]): number[] {
  return boundsMs.map((bound) => Number(bound.toPrecision(6)));
}

/** Every number of a flat object. */
export function roundedFields<Fields extends object>(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'number' ? rounded(value) : value,
  ]);
  return Object.fromEntries(entries) as Fields;
}

/** As they travel. */
export type AlertAnswer = z.output<typeof alert>;
export type AnomalyAnswer = z.output<typeof anomaly>;
export type ServerAnswer = z.output<typeof server>;
