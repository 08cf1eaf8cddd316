/**
 * Automatic resolution: when a rule that was set to resolve by a policy raises an alert, what is planned for its server is
 * applied, if the settings and the server's author permit it. It is watched and undone like any other policy.
 */
import type { Logger } from '../logger.ts';
import { type Alert, subjectOf } from '../model/alert.ts';
import type { Alerts } from '../serve/ports/alerts.ts';
import type { Optimizations } from '../serve/ports/optimizations.ts';

export interface ResolveByPolicyDeps {
  alerts: Pick<Alerts, 'rules'>;
  optimizations: Pick<Optimizations, 'plan' | 'obstacle' | 'apply'>;
  logger: Pick<Logger, 'info' | 'warn'>;
}

const RULE_PREFIX = 'rule:';

/** Careful, because nobody looks: the least that helps, and watched for longer than most spans of rules. */
const STRATEGY = 'conservative';
const WATCH_SECONDS = 600;

/** Makes what is told of each alert that was raised. Never rejects. */
export function createResolveByPolicy({ alerts, optimizations, logger }: ResolveByPolicyDeps) {
  async function resolve(alert: Alert): Promise<void> {
    const { server, tool, alertId } = alert;
    const [plan] = await optimizations.plan({
      server,
      ...(tool !== '' && { tool }),
      strategy: STRATEGY,
      target: 'latency',
      limits: {},
    });
    if (plan === undefined || plan.actions.length === 0) {
      logger.info({ alertId }, 'No policy would help against what an alert was raised for');
      return;
    }
    const obstacle = optimizations.obstacle(plan);
    if (obstacle !== undefined) logger.info({ alertId, obstacle }, 'A policy against an alert cannot be applied');
    else await optimizations.apply(plan, { by: `mcp-vitals, for ${alertId}`, watchSeconds: WATCH_SECONDS });
  }

  return async function alertRaised(alert: Alert): Promise<void> {
    const subject = subjectOf(alert.fingerprint);
    if (!subject.startsWith(RULE_PREFIX)) return;
    try {
      const name = subject.slice(RULE_PREFIX.length);
      const rule = (await alerts.rules()).find((each) => each.name === name);
      if (rule?.resolvesBy === 'policy') await resolve(alert);
    } catch (error) {
      logger.warn({ err: error, alertId: alert.alertId }, 'What would help against an alert could not be applied');
    }
  };
}
