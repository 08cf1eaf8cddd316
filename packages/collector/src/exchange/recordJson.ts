/** Anomalies, alerts and thresholds in the form of the specification, with what is ours added to it. */
import { z } from 'zod';
import { type Alert, THRESHOLD_METRICS, type Threshold } from '../model/alert.ts';
import { ANOMALY_TYPES, type Anomaly, DETECTION_METHODS } from '../model/anomaly.ts';
import { timestampSchema } from './rollupJson.ts';

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
});

export function anomalyJson({
  atMs,
  server,
  tool,
  type,
  severity,
  recommendations,
  ...details
}: Anomaly): z.infer<typeof anomalySchema> {
  return {
    timestamp: iso(atMs),
    mcpServer: server,
    toolName: tool,
    anomalyType: type,
    severity,
    details,
    recommendations,
  };
}

/** @throws z.ZodError */
export function anomalyFromJson(json: unknown): Anomaly {
  const { timestamp, mcpServer, toolName, anomalyType, severity, details, recommendations } = anomalySchema.parse(json);
  return {
    atMs: Date.parse(timestamp),
    server: mcpServer,
    tool: toolName,
    type: anomalyType,
    severity,
    ...details,
    recommendations,
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
  status: z.enum(['active', 'acknowledged', 'escalated', 'resolved']),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: moment,
  notes: z.string().nullable(),
  resolvedAt: moment,
  fingerprint: z.string(),
  escalatedAt: moment,
  clearedAt: moment,
  lastBreachAt: timestampSchema,
  repeats: z.number().int().nonnegative(),
});

export function alertJson(alert: Alert): z.infer<typeof alertSchema> {
  const {
    alertId,
    createdAtMs,
    server,
    tool,
    acknowledgedAtMs,
    escalatedAtMs,
    clearedAtMs,
    resolvedAtMs,
    lastBreachAtMs,
    ...rest
  } = alert;
  return {
    alertId,
    timestamp: iso(createdAtMs),
    mcpServer: server,
    toolName: tool,
    ...rest,
    acknowledgedAt: isoOrNull(acknowledgedAtMs),
    escalatedAt: isoOrNull(escalatedAtMs),
    clearedAt: isoOrNull(clearedAtMs),
    resolvedAt: isoOrNull(resolvedAtMs),
    lastBreachAt: iso(lastBreachAtMs),
  };
}

/** @throws z.ZodError */
export function alertFromJson(json: unknown): Alert {
  const { timestamp, mcpServer, toolName, acknowledgedAt, escalatedAt, clearedAt, resolvedAt, lastBreachAt, ...rest } =
    alertSchema.parse(json);
  return {
    ...rest,
    createdAtMs: Date.parse(timestamp),
    server: mcpServer,
    tool: toolName,
    acknowledgedAtMs: msOrNull(acknowledgedAt),
    escalatedAtMs: msOrNull(escalatedAt),
    clearedAtMs: msOrNull(clearedAt),
    resolvedAtMs: msOrNull(resolvedAt),
    lastBreachAtMs: Date.parse(lastBreachAt),
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

export function thresholdJson({ server, tool, thresholdId, ...rest }: Threshold): z.infer<typeof thresholdSchema> {
  return { thresholdId, mcpServer: server, toolName: tool, ...rest };
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
