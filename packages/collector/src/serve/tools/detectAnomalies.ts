/** What was unusual in the last hours, by one of the statistical methods or as the watches have found it. */
import { z } from 'zod';
import {
  type Anomaly,
  type AnomalySeverity,
  anomalyIdOf,
  DETECTION_METHODS,
  SENSITIVITIES,
} from '../../model/anomaly.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import { TIMED_KINDS } from '../../model/series.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { isoTime, nameParam } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { defineTool } from './defineTool.ts';

const LOOKBACK_MS = { '1h': HOUR_MS, '6h': 6 * HOUR_MS, '24h': 24 * HOUR_MS } as const;

/** The percentile method finds one value in twenty by construction: of very many, the worst go into the answer. */
const MAX_ANOMALIES = 100;
const MAX_LINES = 5;

const WORST_FIRST: readonly AnomalySeverity[] = ['critical', 'warning', 'info'];

const count = z.number();

export const detectAnomalies = defineTool({
  name: 'detect_anomalies',
  title: 'Detect anomalies',
  description: `Find unusual response times, errors and resource use: the ${MAX_ANOMALIES} worst; the summary counts all.`,
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    mcpServer: nameParam.optional(),
    toolName: nameParam.optional(),
    lookbackWindow: z.enum(['1h', '6h', '24h']).default('6h'),
    sensitivity: z.enum(SENSITIVITIES).default('medium'),
    method: z.enum(DETECTION_METHODS).default('z-score'),
    kind: z.enum(TIMED_KINDS).default('tool'),
  }),
  output: z.object({
    anomalies: z.array(
      z.object({
        timestamp: z.string(),
        mcpServer: z.string(),
        toolName: z.string(),
        anomalyType: z.string(),
        severity: z.string(),
        details: z.object({
          currentValue: z.number(),
          expectedRange: z.string(),
          deviation: z.string(),
          confidence: z.number(),
          method: z.string(),
        }),
        recommendations: z.array(z.string()),
        anomalyId: z.string(),
        endedAt: z.string().optional(),
      }),
    ),
    summary: z.object({
      totalAnomalies: count,
      bySeverity: z.object({ info: count, warning: count, critical: count }),
      byType: z.record(z.string(), count),
    }),
  }),

  async run(input, { detection }: Pick<Services, 'detection'>) {
    const { mcpServer, toolName, lookbackWindow, sensitivity, method, kind } = input;
    const found = await detection.detect({
      server: mcpServer,
      tool: toolName,
      kind,
      lookbackMs: LOOKBACK_MS[lookbackWindow],
      sensitivity,
      method,
    });
    const summary = summarise(found);
    // Newest first within a severity, as they were found.
    const worst = WORST_FIRST.flatMap((wanted) => found.filter(({ severity }) => severity === wanted));
    const listed = worst.slice(0, MAX_ANOMALIES).sort((a, b) => b.atMs - a.atMs);
    const { critical, warning, info } = summary.bySeverity;
    const settings = `${method}, sensitivity ${sensitivity}`;
    const headline = `Anomalies in the last ${lookbackWindow} (${settings}): ${critical} critical, ${warning} warning, ${info} info.`;
    return {
      structured: { anomalies: listed.map(presented), summary },
      text: [headline, ...worst.slice(0, MAX_LINES).map(line)].join('\n'),
    };
  },
});

function summarise(found: readonly Anomaly[]) {
  const bySeverity = { info: 0, warning: 0, critical: 0 };
  const byType: Record<string, number> = {};
  for (const { severity, type } of found) {
    bySeverity[severity]++;
    byType[type] = (byType[type] ?? 0) + 1;
  }
  return { totalAnomalies: found.length, bySeverity, byType };
}

function presented(anomaly: Anomaly) {
  const { currentValue, expectedRange, deviation, confidence, method, incident } = anomaly;
  return {
    timestamp: isoTime(anomaly.atMs),
    mcpServer: anomaly.server,
    toolName: anomaly.tool,
    anomalyType: anomaly.type,
    severity: anomaly.severity,
    details: { currentValue, expectedRange, deviation, confidence, method },
    recommendations: anomaly.recommendations,
    anomalyId: anomalyIdOf(anomaly),
    ...(incident && incident.endedAtMs !== null && { endedAt: isoTime(incident.endedAtMs) }),
  };
}

function line({ atMs, server, tool, type, severity, deviation, recommendations }: Anomaly): string {
  const subject = tool === '' ? quoteUntrusted(server) : `${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
  const day = isoTime(atMs).slice(0, 10);
  return `- ${severity} ${type}, ${subject}, ${day}: ${deviation}. ${recommendations.join(' ')}`;
}
