/** Anomalies, alerts and thresholds in the form of the specification, with what is ours added to it. */
import { z } from 'zod';
import { ALERT_FEEDBACK, type Alert, THRESHOLD_METRICS, type Threshold } from '../model/alert.ts';
import { ANOMALY_TYPES, type Anomaly, DETECTION_METHODS, type Deploy, type Incident } from '../model/anomaly.ts';
import { timestampSchema } from './rollupJson.ts';

const deploySchema = z.object({ timestamp: timestampSchema, fromVersion: z.string(), toVersion: z.string() });

const incidentSchema = z.object({
  endedAt: timestampSchema.nullable(),
  detectedAt: timestampSchema,
  affectedCalls: z.number(),
  evidence: z.object({ nats: z.number(), neededNats: z.number() }).nullable(),
  deploy: deploySchema.nullable(),
  alsoAffects: z.array(z.object({ mcpServer: z.string(), toolName: z.string() })),
  partOf: z.string().nullable(),
});

const anomalySchema = z.object({
  timestamp: timestampSchema,
  mcpServer: z.string(),
  toolName: z.string(),
  anomalyType: z.enum(ANOMALY_TYPES),
  severity: z.enum(['info', 'warning', 'critical']),
  details: z.object({
    currentValue: z.number(),
    expectedRange: z.string(),
    expectedMax: z.number(),
    deviation: z.string(),
    confidence: z.number(),
    method: z.enum(DETECTION_METHODS),
  }),
  recommendations: z.array(z.string()),
  incident: incidentSchema.optional(),
});

export function anomalyJson(anomaly: Anomaly): z.infer<typeof anomalySchema> {
  const { currentValue, expectedRange, expectedMax, deviation, confidence, method } = anomaly;
  return {
    timestamp: iso(anomaly.atMs),
    mcpServer: anomaly.server,
    toolName: anomaly.tool,
    anomalyType: anomaly.type,
    severity: anomaly.severity,
    details: { currentValue, expectedRange, expectedMax, deviation, confidence, method },
    recommendations: anomaly.recommendations,
    ...(anomaly.incident && { incident: incidentJson(anomaly.incident) }),
  };
}

function deployJson({ atMs, fromVersion, toVersion }: Deploy): z.infer<typeof deploySchema> {
  return { timestamp: iso(atMs), fromVersion, toVersion };
}

function deployFromJson({ timestamp, fromVersion, toVersion }: z.infer<typeof deploySchema>): Deploy {
  return { atMs: Date.parse(timestamp), fromVersion, toVersion };
}

function incidentJson(incident: Incident): z.infer<typeof incidentSchema> {
  const { endedAtMs, detectedAtMs, affectedCalls, evidence, deploy, alsoAffects, partOf } = incident;
  return {
    endedAt: isoOrNull(endedAtMs),
    detectedAt: iso(detectedAtMs),
    affectedCalls,
    evidence,
    deploy: deploy && deployJson(deploy),
    alsoAffects: alsoAffects.map(({ server, tool }) => ({ mcpServer: server, toolName: tool })),
    partOf,
  };
}

function incidentFromJson(json: z.infer<typeof incidentSchema>): Incident {
  const { endedAt, detectedAt, deploy, alsoAffects, ...rest } = json;
  return {
    ...rest,
    endedAtMs: msOrNull(endedAt),
    detectedAtMs: Date.parse(detectedAt),
    deploy: deploy && deployFromJson(deploy),
    alsoAffects: alsoAffects.map(({ mcpServer, toolName }) => ({ server: mcpServer, tool: toolName })),
  };
}

/** @throws z.ZodError */
export function anomalyFromJson(json: unknown): Anomaly {
  const { timestamp, mcpServer, toolName, anomalyType, severity, details, recommendations, incident } =
    anomalySchema.parse(json);
  return {
    atMs: Date.parse(timestamp),
    server: mcpServer,
    tool: toolName,
    type: anomalyType,
    severity,
    ...details,
    recommendations,
    ...(incident && { incident: incidentFromJson(incident) }),
  };
}

const moment = timestampSchema.nullable();

const alertSchema = z.object({
  alertId: z.string().min(1),
  timestamp: timestampSchema,
  mcpServer: z.string(),
  toolName: z.string(),
  severity: z.enum(['warning', 'critical']),
  condition: z.string(),
  currentValue: z.number(),
  threshold: z.number(),
  status: z.enum(['pending', 'active', 'acknowledged', 'escalated', 'resolved']),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: moment,
  notes: z.string().nullable(),
  resolvedAt: moment,
  fingerprint: z.string(),
  escalatedAt: moment,
  clearedAt: moment,
  lastBreachAt: timestampSchema,
  repeats: z.number().int().nonnegative(),
  activeFrom: timestampSchema,
  anomalyId: z.string().nullable(),
  evidence: z.array(z.string()),
  deploy: deploySchema.nullable(),
  isTold: z.boolean(),
  feedback: z.enum(ALERT_FEEDBACK).nullable(),
  channels: z.array(z.string()).optional(),
});

/** Fields one by one: their order must not depend on where the alert comes from. */
export function alertJson(alert: Alert): z.infer<typeof alertSchema> {
  return {
    alertId: alert.alertId,
    timestamp: iso(alert.createdAtMs),
    mcpServer: alert.server,
    toolName: alert.tool,
    severity: alert.severity,
    condition: alert.condition,
    currentValue: alert.currentValue,
    threshold: alert.threshold,
    status: alert.status,
    acknowledgedBy: alert.acknowledgedBy,
    acknowledgedAt: isoOrNull(alert.acknowledgedAtMs),
    notes: alert.notes,
    resolvedAt: isoOrNull(alert.resolvedAtMs),
    fingerprint: alert.fingerprint,
    escalatedAt: isoOrNull(alert.escalatedAtMs),
    clearedAt: isoOrNull(alert.clearedAtMs),
    lastBreachAt: iso(alert.lastBreachAtMs),
    repeats: alert.repeats,
    activeFrom: iso(alert.activeFromMs),
    anomalyId: alert.anomalyId,
    evidence: alert.evidence,
    deploy: alert.deploy && deployJson(alert.deploy),
    isTold: alert.isTold,
    feedback: alert.feedback,
    ...(alert.channels !== undefined && { channels: [...alert.channels] }),
  };
}

/** @throws z.ZodError */
export function alertFromJson(json: unknown): Alert {
  const { timestamp, mcpServer, toolName, acknowledgedAt, escalatedAt, clearedAt, resolvedAt, ...more } =
    alertSchema.parse(json);
  const { lastBreachAt, activeFrom, deploy, ...rest } = more;
  return {
    ...rest,
    createdAtMs: Date.parse(timestamp),
    activeFromMs: Date.parse(activeFrom),
    deploy: deploy && deployFromJson(deploy),
    server: mcpServer,
    tool: toolName,
    acknowledgedAtMs: msOrNull(acknowledgedAt),
    escalatedAtMs: msOrNull(escalatedAt),
    clearedAtMs: msOrNull(clearedAt),
    resolvedAtMs: msOrNull(resolvedAt),
    lastBreachAtMs: Date.parse(lastBreachAt),
    // Counted where it is kept, from here on.
    revision: 1,
  };
}

const thresholdSchema = z.object({
  thresholdId: z.string().min(1),
  mcpServer: z.string(),
  toolName: z.string(),
  metric: z.enum(THRESHOLD_METRICS),
  threshold: z.number(),
  severity: z.enum(['warning', 'critical']),
  enabled: z.boolean(),
});

export function thresholdJson(threshold: Threshold): z.infer<typeof thresholdSchema> {
  return {
    thresholdId: threshold.thresholdId,
    mcpServer: threshold.server,
    toolName: threshold.tool,
    metric: threshold.metric,
    threshold: threshold.threshold,
    severity: threshold.severity,
    enabled: threshold.enabled,
  };
}

/** @throws z.ZodError */
export function thresholdFromJson(json: unknown): Threshold {
  const { mcpServer, toolName, ...rest } = thresholdSchema.parse(json);
  return { ...rest, server: mcpServer, tool: toolName };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

function msOrNull(timestamp: string | null): number | null {
  return timestamp === null ? null : Date.parse(timestamp);
}
