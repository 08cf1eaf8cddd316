/** Alerts and what a person does with them; what a model does as well stands among the tools. */
import { z } from 'zod';
import { ALERT_FEEDBACK, THRESHOLD_METRICS } from '../../model/alert.ts';
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { TimeRange } from '../../store/store.ts';
import { nameParam, parseTime, timeParam } from '../params.ts';
import { rounded } from '../tools/rounded.ts';
import { defineRoute } from './defineRoute.ts';
import { rangeFields, rangeOf, serverField } from './inputs.ts';
import { pageAnswer, pageFields, pageOf } from './paging.ts';
import { alert, named, presentedAlert } from './shapes.ts';

const STATUSES = ['active', 'acknowledged', 'escalated', 'resolved'] as const;
const UNRESOLVED = ['active', 'acknowledged', 'escalated'] as const;

export const listAlerts = defineRoute({
  method: 'GET',
  path: '/alerts',
  summary: 'Alerts, newest first',
  group: 'Alerts',
  scope: 'read',
  query: z.strictObject({
    status: z.enum(['unresolved', 'all', ...STATUSES]).default('unresolved'),
    severity: z.enum(['warning', 'critical']).optional(),
    server: serverField,
    tool: nameParam.optional(),
    from: timeParam.optional().describe('Only those still open then or later; ISO 8601'),
    to: timeParam.optional().describe('Only those raised before; ISO 8601'),
    minutes: rangeFields.minutes
      .removeDefault()
      .optional()
      .describe('Without `from`: only those still open so long before `to`, or now'),
    ...pageFields,
  }),
  answer: z.object({ alerts: z.array(alert), ...pageAnswer }),
  async run({ query }, { store, clock }) {
    const { status, severity, server, tool } = query;
    const statuses = status === 'unresolved' ? UNRESOLVED : status === 'all' ? STATUSES : ([status] as const);
    const found = await store.readAlerts({ statuses, severity, server });
    const { fromMs, toMs } = openWithin(query, clock.nowMs());
    const wanted = found.filter(
      ({ createdAtMs, resolvedAtMs, ...one }) =>
        (tool === undefined || one.tool === tool) &&
        createdAtMs < toMs &&
        (resolvedAtMs ?? Number.POSITIVE_INFINITY) >= fromMs,
    );
    const page = pageOf(wanted, (one) => [one.createdAtMs, one.alertId], query, 'descending');
    return { alerts: page.items.map(presentedAlert), nextCursor: page.nextCursor };
  },
});

/** Without any of the three: all times. */
function openWithin(
  { from, to, minutes }: { from?: string | undefined; to?: string | undefined; minutes?: number | undefined },
  nowMs: number,
): TimeRange {
  if (from !== undefined || (to !== undefined && minutes !== undefined))
    return rangeOf({ from, to, minutes: minutes ?? 0 }, nowMs);
  return {
    fromMs: minutes === undefined ? Number.NEGATIVE_INFINITY : nowMs - minutes * MINUTE_MS,
    toMs: to === undefined ? Number.POSITIVE_INFINITY : parseTime('to', to),
  };
}

const feedback = z.enum(ALERT_FEEDBACK);

export const judgeAlert = defineRoute({
  method: 'POST',
  path: '/alerts/{id}/feedback',
  summary: 'Say whether an alert was worth it',
  group: 'Alerts',
  scope: 'admin',
  body: z.strictObject({ feedback }),
  answer: z.object({ alertId: z.string(), feedback: feedback.nullable() }),
  audit: ({ body }, { alertId }) => ({
    action: 'alert.judged',
    server: '',
    summary: `${alertId} was marked as ${body.feedback}`,
    details: { alertId, feedback: body.feedback },
  }),
  async run({ path, body }, { alerts }) {
    const judged = await alerts.judge(path.id!, body.feedback);
    return { alertId: judged.alertId, feedback: judged.feedback };
  },
});

const QUALITY_DAYS = 30;

export const getAlertQuality = defineRoute({
  method: 'GET',
  path: '/alert-quality',
  summary: 'How good the alerts of the last 30 days were',
  group: 'Alerts',
  scope: 'read',
  answer: z.object({
    days: z.number(),
    alerts: z.number().int(),
    useful: z.number().int(),
    false: z.number().int(),
    falseAlarmPercent: z.number().nullable(),
    meanMinutesToEnd: z.number().nullable(),
  }),
  async run(_input, { alerts, clock }) {
    const toMs = clock.nowMs();
    return { days: QUALITY_DAYS, ...(await alerts.quality({ fromMs: toMs - QUALITY_DAYS * DAY_MS, toMs })) };
  },
});

const metric = z.enum(THRESHOLD_METRICS);
const thresholdFields = {
  server: z.string().describe('Empty: all servers'),
  tool: z.string().describe('Empty: all tools'),
  metric,
  severity: z.enum(['warning', 'critical']),
};

export const listThresholds = defineRoute({
  method: 'GET',
  path: '/thresholds',
  summary: 'Thresholds in force; `set_alert_threshold` changes them',
  group: 'Alerts',
  scope: 'read',
  answer: z.object({
    thresholds: z.array(
      named(
        'Threshold',
        z.object({
          thresholdId: z.string(),
          ...thresholdFields,
          threshold: z.number().describe('ms for response_time, % for the others'),
          enabled: z.boolean(),
          isRemovable: z.boolean().describe('Whether it was set, and you may take that back'),
        }),
      ),
    ),
  }),
  run: async (_input, { alerts }) => ({ thresholds: alerts.thresholds() }),
});

export const listProposals = defineRoute({
  method: 'GET',
  path: '/threshold-proposals',
  summary: 'Thresholds that would fit the last week; nothing is set',
  group: 'Alerts',
  scope: 'read',
  answer: z.object({
    proposals: z.array(
      z.object({
        ...thresholdFields,
        current: z.number().nullable(),
        proposed: z.number(),
        hours: z.number().int(),
        hoursAboveCurrent: z.number().int(),
        hoursAboveProposed: z.number().int(),
      }),
    ),
  }),
  async run(_input, { alerts }) {
    const proposals = await alerts.proposals();
    return { proposals: proposals.map((each) => ({ ...each, proposed: rounded(each.proposed) })) };
  },
});
