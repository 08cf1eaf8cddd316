/** Rules and thresholds that were set here: what the tools set, a person can look at and take away. */
import { z } from 'zod';
import { defineRoute } from './defineRoute.ts';
import { named } from './shapes.ts';

const rule = named(
  'AlertRule',
  z.object({
    name: z.string(),
    server: z.string().describe('`*` stands for anything'),
    tool: z.string(),
    metric: z.string(),
    statistic: z.string(),
    operator: z.string(),
    threshold: z.number(),
    severity: z.enum(['warning', 'critical']),
    grade: z.string().optional().describe('As `set_performance_alert` was told; absent for rules of the settings'),
    periodMinutes: z.number(),
    cooldownMinutes: z.number().optional(),
    channels: z.array(z.string()).optional().describe('Absent: as the routes say'),
    resolvesBy: z.enum(['people', 'policy']),
    isFixed: z.boolean().describe('Whether it comes from the settings, which only their file changes'),
  }),
);

export const listAlertRules = defineRoute({
  method: 'GET',
  path: '/alert-rules',
  summary: 'Rules that raise alerts; `set_performance_alert` sets them',
  group: 'Alerts',
  scope: 'read',
  answer: z.object({ rules: z.array(rule) }),
  async run(_input, { alerts, config }) {
    const fixed = config.alerts.rules.map((each) => ({ ...each, resolvesBy: 'people' as const, isFixed: true }));
    const set = (await alerts.rules()).map((each) => ({ ...each, isFixed: false }));
    return { rules: [...fixed, ...set].map((each) => rule.parse(each)) };
  },
});

export const removeAlertRule = defineRoute({
  method: 'DELETE',
  path: '/alert-rules/{name}',
  summary: 'Remove a rule; its alerts end with the next minute',
  group: 'Alerts',
  scope: 'admin',
  answer: z.object({ removed: z.boolean() }),
  audit: ({ path }) => ({
    action: 'alert_rule.removed',
    server: '',
    summary: 'A rule was removed',
    details: { name: path.name! },
  }),
  async run({ path }, { alerts }) {
    await alerts.removeRule(path.name!);
    return { removed: true };
  },
});

export const removeThreshold = defineRoute({
  method: 'DELETE',
  path: '/thresholds/{id}',
  summary: 'Remove a threshold that was set; where it stood for a default, that holds again',
  group: 'Alerts',
  scope: 'admin',
  answer: z.object({ removed: z.boolean() }),
  audit: ({ path }) => ({
    action: 'threshold.removed',
    server: '',
    summary: 'A threshold was removed',
    details: { thresholdId: path.id! },
  }),
  async run({ path }, { alerts }) {
    await alerts.removeThreshold(path.id!);
    return { removed: true };
  },
});
