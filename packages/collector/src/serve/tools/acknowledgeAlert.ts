/** Someone takes care of an alert: it is not escalated and nobody is told again. */
import { z } from 'zod';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { isoTime } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { defineTool } from './defineTool.ts';

export const acknowledgeAlert = defineTool({
  name: 'acknowledge_alert',
  title: 'Acknowledge alert',
  description: 'Stop notifications of an alert; it stays listed until clear for 24 h.',
  scope: 'admin',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    alertId: z.string().max(100),
    acknowledgedBy: z.string().min(1).max(200),
    notes: z.string().max(2_000).optional(),
  }),
  output: z.object({
    success: z.boolean(),
    alert: z.object({
      alertId: z.string(),
      status: z.string(),
      acknowledgedBy: z.string(),
      acknowledgedAt: z.string(),
      notes: z.string().optional(),
    }),
  }),

  audit: ({ alertId, acknowledgedBy, notes = null }) => ({
    action: 'alert.acknowledged',
    server: '',
    summary: `${alertId} was acknowledged`,
    details: { alertId, acknowledgedBy, notes },
  }),

  async run({ alertId, acknowledgedBy, notes }, { alerts }: Pick<Services, 'alerts'>) {
    const alert = await alerts.acknowledge(alertId, acknowledgedBy, notes);
    const acknowledged = {
      alertId,
      status: alert.status,
      acknowledgedBy: alert.acknowledgedBy!,
      acknowledgedAt: isoTime(alert.acknowledgedAtMs!),
      ...(alert.notes !== null && { notes: alert.notes }),
    };
    return {
      structured: { success: true, alert: acknowledged },
      text: `${alertId} is acknowledged by ${quoteUntrusted(acknowledged.acknowledgedBy)}.`,
    };
  },
});
