/** A rule that raises alerts, in the words of the second design: an operator, a span, a cool-down, a grade, channels. */
import { z } from 'zod';
import { RULE_OPERATORS } from '../../../config/alerting.ts';
import { VitalsError } from '../../../errors.ts';
import { ALERT_GRADES, GRADE_MEANING } from '../../../model/alertRule.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';
import { nameParam } from '../../params.ts';
import type { SetRule } from '../../ports/alerts.ts';
import type { Services } from '../../ports/services.ts';
import { defineTool } from '../defineTool.ts';
import { subjectInWords } from '../subjectInWords.ts';

/** Metrics of the tool, and what the rules call them. */
const METRICS = {
  cpu: 'cpu',
  memory: 'memory',
  execution_time: 'response_time',
  error_rate: 'error_rate',
  throughput: 'throughput',
  event_loop_delay: 'event_loop_delay',
} as const satisfies Record<string, SetRule['metric']>;
const METRIC_NAMES = Object.keys(METRICS) as (keyof typeof METRICS)[];

/** Measured of a server as a whole. */
const OF_SERVERS: readonly string[] = ['cpu', 'memory', 'event_loop_delay'];

const input = z.strictObject({
  alertName: z.string().trim().min(1).max(100).describe('Setting it again replaces it'),
  metric: z.enum(METRIC_NAMES).describe('%; ms (p95) for times; calls a minute'),
  threshold: z.number(),
  operator: z.enum(RULE_OPERATORS).default('gt'),
  severity: z.enum(ALERT_GRADES).default('medium').describe('low: listed, nobody is told; critical: never held back'),
  channels: z.array(z.string().max(100)).max(20).optional().describe('Configured names; default: as routed'),
  scope: z.enum(['system', 'server', 'tool']).default('system').describe('system: each server or tool'),
  mcpServer: nameParam.optional(),
  toolName: nameParam.optional(),
  evaluationSeconds: z.int().min(30).max(3_600).default(300).describe('Rounded up to minutes'),
  cooldownSeconds: z.int().min(60).max(7_200).default(900),
  autoResolution: z.boolean().default(false).describe('May apply a policy that the server permits'),
});

export const setPerformanceAlert = defineTool({
  name: 'set_performance_alert',
  title: 'Set performance alert',
  description: 'Alert on a metric by a rule with an operator, a span and a cool-down.',
  scope: 'admin',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  output: z.object({
    success: z.boolean(),
    // What differs from what was asked for; the rest comes back as it was given.
    rule: z.looseObject({
      mcpServer: z.string().describe('*: all'),
      severity: z.string().describe('As alerts have it'),
      evaluationMinutes: z.number(),
      cooldownMinutes: z.number(),
    }),
  }),

  audit(args) {
    const { alertName, metric, operator, threshold, severity, autoResolution } = args;
    const { server, tool } = subjectOf(args);
    return {
      action: 'alert_rule.set',
      server: server === '*' ? '' : server,
      summary: `${severity} alerts when ${metric} is ${operator} ${threshold}`,
      details: { name: alertName, tool, autoResolution },
    };
  },

  async run(args, { alerts, config }: Pick<Services, 'alerts' | 'config'>) {
    const rule = await alerts.setRule(ruleOf(args));
    return {
      structured: { success: true, rule: answerOf(rule, args.metric) },
      text: `Set ${quoteUntrusted(rule.name)}: ${words(rule, args)}${resolution(rule, config)}`,
    };
  },
});

type Args = z.output<typeof input>;

/** @throws VitalsError `invalid` where scope, names and metric do not fit together */
function ruleOf(args: Args): SetRule {
  const { alertName, metric, threshold, operator, severity, channels, evaluationSeconds, cooldownSeconds } = args;
  const meaning = GRADE_MEANING[severity];
  return {
    name: alertName,
    ...subjectOf(args),
    metric: METRICS[metric],
    statistic: 'p95',
    operator,
    threshold,
    severity: meaning.severity,
    grade: severity,
    minCalls: 1,
    periodMinutes: Math.ceil(evaluationSeconds / 60),
    forMinutes: 0,
    cooldownMinutes: cooldownSeconds / 60,
    urgent: meaning.isUrgent,
    resolvesBy: args.autoResolution ? 'policy' : 'people',
    ...((channels !== undefined || !meaning.isTold) && { channels: channels ?? [] }),
  };
}

function subjectOf({ scope, mcpServer, toolName, metric }: Args): { server: string; tool: string } {
  if (scope === 'system' && (mcpServer !== undefined || toolName !== undefined))
    throw new VitalsError('invalid', 'The scope system is every server and tool', {
      hint: 'Take scope server or tool, or leave the names out.',
    });
  if (scope === 'server' && mcpServer === undefined)
    throw new VitalsError('invalid', 'The scope server needs mcpServer', { hint: 'Name the server.' });
  if (scope === 'tool' && toolName === undefined)
    throw new VitalsError('invalid', 'The scope tool needs toolName', { hint: 'Name the tool, and its server.' });
  if (scope === 'tool' && OF_SERVERS.includes(metric))
    throw new VitalsError('invalid', `${metric} is measured per server, not per tool`, { hint: 'Take scope server.' });
  return { server: mcpServer ?? '*', tool: toolName ?? '*' };
}

function answerOf(rule: SetRule, metric: Args['metric']) {
  const { name, server, tool, operator, threshold, severity, periodMinutes, cooldownMinutes, channels } = rule;
  return {
    alertName: name,
    mcpServer: server,
    toolName: tool,
    metric,
    operator,
    threshold,
    severity,
    evaluationMinutes: periodMinutes,
    cooldownMinutes: cooldownMinutes!,
    ...(channels !== undefined && { channels: [...channels] }),
    autoResolution: rule.resolvesBy === 'policy',
  };
}

function words(
  { server, tool, severity, channels, periodMinutes }: SetRule,
  { metric, operator, threshold, severity: grade }: Args,
) {
  const told =
    channels === undefined
      ? 'told as the routes say'
      : channels.length === 0
        ? 'nobody is told, it is listed and reported'
        : `told to ${channels.map((name) => quoteUntrusted(name)).join(', ')}`;
  return `a ${grade} alert (${severity} in lists) when ${metric} ${operator} ${threshold} over ${periodMinutes} min, for ${subjectInWords(server, tool)}; ${told}.`;
}

function resolution({ resolvesBy }: SetRule, { optimization }: Services['config']): string {
  if (resolvesBy === 'people') return '';
  if (optimization.autoApply)
    return ' A policy that its server permits is applied then, and undone if it does not help.';
  return ' No policy will be applied: the setting optimization.autoApply is off.';
}
