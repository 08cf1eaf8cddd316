/** The alerts that are not resolved. */
import { z } from 'zod';
import type { Alert } from '../../model/alert.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { isoTime, nameParam } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { defineTool } from './defineTool.ts';

const STATUSES = ['active', 'acknowledged', 'escalated'] as const;
const SEVERITIES = ['warning', 'critical'] as const;

/** More than a reader takes in; the summary counts all. */
const MAX_ALERTS = 100;
const MAX_LINES = 10;

const count = z.number();

export const getActiveAlerts = defineTool({
  name: 'get_active_alerts',
  title: 'Active alerts',
  description: `List unresolved alerts: the ${MAX_ALERTS} worst; the summary counts all.`,
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    severity: z.enum(SEVERITIES).optional(),
    mcpServer: nameParam.optional(),
    status: z.enum(STATUSES).optional(),
  }),
  output: z.object({
    alerts: z.array(
      z.object({
        alertId: z.string(),
        timestamp: z.string(),
        mcpServer: z.string(),
        toolName: z.string(),
        severity: z.string(),
        condition: z.string(),
        currentValue: z.number(),
        threshold: z.number(),
        status: z.string(),
        acknowledgedBy: z.string().optional(),
        acknowledgedAt: z.string().optional(),
        notes: z.string().optional(),
      }),
    ),
    summary: z.object({
      totalActive: count,
      bySeverity: z.object({ warning: count, critical: count }),
      byMcp: z.record(z.string(), count),
    }),
  }),

  async run({ severity, mcpServer, status }, { alerts }: Pick<Services, 'alerts'>) {
    const found = await alerts.active({ severity, server: mcpServer, status });
    const critical = found.filter((alert) => alert.severity === 'critical');
    const warning = found.filter((alert) => alert.severity === 'warning');
    const listed = [...critical, ...warning].slice(0, MAX_ALERTS);
    const headline = `Active alerts: ${critical.length} critical, ${warning.length} warning.`;
    return {
      structured: {
        alerts: listed.map(presented),
        summary: {
          totalActive: found.length,
          bySeverity: { warning: warning.length, critical: critical.length },
          byMcp: countByServer(found),
        },
      },
      text: [headline, ...listed.slice(0, MAX_LINES).map(line)].join('\n'),
    };
  },
});

/** `fromEntries` defines keys where assignment would run into `__proto__`, which a server may well be called. */
function countByServer(alerts: readonly Alert[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { server } of alerts) counts.set(server, (counts.get(server) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function presented(alert: Alert) {
  const { acknowledgedBy, acknowledgedAtMs, notes } = alert;
  return {
    alertId: alert.alertId,
    timestamp: isoTime(alert.createdAtMs),
    mcpServer: alert.server,
    toolName: alert.tool,
    severity: alert.severity,
    condition: alert.condition,
    currentValue: alert.currentValue,
    threshold: alert.threshold,
    status: alert.status,
    ...(acknowledgedBy !== null && { acknowledgedBy }),
    ...(acknowledgedAtMs !== null && { acknowledgedAt: isoTime(acknowledgedAtMs) }),
    ...(notes !== null && { notes }),
  };
}

function line(alert: Alert): string {
  const { alertId, severity, status, server, tool, condition, currentValue, createdAtMs, evidence } = alert;
  const subject = tool === '' ? quoteUntrusted(server) : `${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
  const since = isoTime(createdAtMs);
  return `- ${alertId} ${severity}, ${status}: ${subject}, ${condition} (${Number(currentValue.toPrecision(4))}), since ${since}${evidence.map((sentence) => ` ${sentence}`).join('')}`;
}
