/** From which value on an alert is raised, for everything, a server, a tool, or a tool of a server. */
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import { THRESHOLD_METRICS } from '../../model/alert.ts';
import { nameParam } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { defineTool } from './defineTool.ts';
import { subjectInWords } from './subjectInWords.ts';

export const setAlertThreshold = defineTool({
  name: 'set_alert_threshold',
  title: 'Set alert threshold',
  description:
    'Raise alerts above a value: ms (p95) for response_time, else %. The most specific wins; an empty name in answers is all.',
  scope: 'admin',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    mcpServer: nameParam.optional(),
    toolName: nameParam.optional(),
    metric: z.enum(THRESHOLD_METRICS),
    threshold: z.number().positive(),
    severity: z.enum(['warning', 'critical']),
    enabled: z.boolean().default(true),
  }),
  output: z.object({
    success: z.boolean(),
    thresholdId: z.string(),
    config: z.object({
      mcpServer: z.string(),
      toolName: z.string(),
      metric: z.string(),
      threshold: z.number(),
      severity: z.string(),
      enabled: z.boolean(),
    }),
  }),

  audit: ({ mcpServer = '', toolName = '', metric, threshold, severity, enabled }) => ({
    action: 'threshold.set',
    server: mcpServer,
    summary: enabled ? `${severity} alerts when ${metric} > ${threshold}` : `no ${severity} alerts on ${metric}`,
    details: { tool: toolName, metric, threshold, severity, enabled },
  }),

  async run({ mcpServer, toolName, ...rest }, { alerts }: Pick<Services, 'alerts'>) {
    if (toolName !== undefined && (rest.metric === 'cpu' || rest.metric === 'memory')) {
      throw new VitalsError('invalid', `${rest.metric} is measured per server, not per tool`, {
        hint: 'Leave toolName out',
      });
    }
    const saved = await alerts.setThreshold({ server: mcpServer, tool: toolName, ...rest });
    const { thresholdId, server, tool, metric, threshold, severity, enabled } = saved;
    const effect = enabled ? `${severity} alerts when ${metric} > ${threshold}` : `no ${severity} alerts on ${metric}`;
    return {
      structured: {
        success: true,
        thresholdId,
        config: { mcpServer: server, toolName: tool, metric, threshold, severity, enabled },
      },
      text: `Set: ${effect}, for ${subjectInWords(server, tool)}.`,
    };
  },
});
