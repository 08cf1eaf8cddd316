/** From which value on an alert is raised, for everything, a server, a tool, or a tool of a server. */
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import { THRESHOLD_METRICS } from '../../model/alert.ts';
import type { Services } from '../services.ts';
import { defineTool } from './defineTool.ts';
import { quoteUntrusted } from './untrusted.ts';

export const setAlertThreshold = defineTool({
  name: 'set_alert_threshold',
  title: 'Set an alert threshold',
  description:
    'Raise alerts above a value: ms (p95) for response_time, % for the others. Without server and tool it is for all; the most specific one wins.',
  scope: 'admin',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    mcpServer: z.string().max(10_000).optional(),
    toolName: z.string().max(10_000).optional(),
    metric: z.enum(THRESHOLD_METRICS),
    threshold: z.number().positive(),
    severity: z.enum(['warning', 'critical']),
    enabled: z.boolean().default(true),
  }),
  output: z.object({
    success: z.boolean(),
    thresholdId: z.string(),
    config: z.object({
      mcpServer: z.string().describe('Empty: all'),
      toolName: z.string().describe('Empty: all'),
      metric: z.string(),
      threshold: z.number(),
      severity: z.string(),
      enabled: z.boolean(),
    }),
  }),

  async run({ mcpServer, toolName, ...rest }, { alerts }: Pick<Services, 'alerts'>) {
    if (toolName && (rest.metric === 'cpu' || rest.metric === 'memory')) {
      throw new VitalsError('invalid', `${rest.metric} is measured per server, not per tool`, {
        hint: 'Leave toolName out',
      });
    }
    const saved = await alerts.setThreshold({ server: mcpServer || undefined, tool: toolName || undefined, ...rest });
    const { thresholdId, server, tool, metric, threshold, severity, enabled } = saved;
    const scope = [tool && `tool ${quoteUntrusted(tool)}`, server && `server ${quoteUntrusted(server)}`].filter(
      Boolean,
    );
    const effect = enabled ? `${severity} alerts when ${metric} > ${threshold}` : `no ${severity} alerts on ${metric}`;
    return {
      structured: {
        success: true,
        thresholdId,
        config: { mcpServer: server, toolName: tool, metric, threshold, severity, enabled },
      },
      text: `Set: ${effect}, for ${scope.join(' of ') || 'everything'}.`,
    };
  },
});
