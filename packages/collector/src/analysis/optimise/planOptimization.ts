/**
 * From the figures of a server to what is proposed: each rule looks at what it is about, and says nothing where nothing speaks
 * for it. A server that is well gets an empty plan.
 */
import type { PlanRequest } from '../../model/optimization/evidence.ts';
import type { Advice, Plan, PlannedAction } from '../../model/optimization/plan.ts';
import { adviseCapacity, adviseServer } from './advise.ts';
import { limitConcurrency } from './limitConcurrency.ts';
import { limitRate } from './limitRate.ts';
import { limitTime } from './limitTime.ts';
import { reuseAnswers } from './reuseAnswers.ts';
import { MIN_TOOL_CALLS, RULES } from './rules.ts';
import { saturationOf } from './saturation.ts';

export function planOptimization({ evidence, strategy, target, limits }: PlanRequest): Plan {
  const { server, fromMs, toMs, tools, permitted } = evidence;
  const calls = tools.reduce((sum, tool) => sum + tool.calls, 0);
  const { actions, advice } = proposals({ evidence, strategy, target, limits });
  return {
    server,
    strategy,
    target,
    fromMs,
    toMs,
    calls,
    verdict: verdictOf(
      tools.some((tool) => tool.calls >= MIN_TOOL_CALLS),
      actions.length,
      advice.length,
    ),
    actions: actions.map((action) => ({ ...action, isPermitted: permitted.includes(action.control) })),
    advice,
  };
}

function proposals({ evidence, strategy, target, limits }: PlanRequest) {
  const rules = RULES[strategy];
  const actions: Omit<PlannedAction, 'isPermitted'>[] = [];
  const advice: Advice[] = [];
  for (const tool of evidence.tools) {
    actions.push(...limitTime(tool, rules));
    if (tool.calls < MIN_TOOL_CALLS) continue;
    const saturation = saturationOf(tool, evidence);
    if (saturation === undefined) continue;
    actions.push(...limitConcurrency(tool, saturation, rules, target));
    advice.push(adviseCapacity(tool, saturation, evidence.instances));
  }
  actions.push(...limitRate(evidence, limits, rules));
  if (target === 'efficiency') actions.push(...reuseAnswers(evidence, rules));
  advice.push(...adviseServer(evidence, limits));
  return { actions, advice };
}

function verdictOf(isEnough: boolean, actions: number, advice: number): Plan['verdict'] {
  if (actions > 0) return 'actions';
  if (advice > 0) return 'advice';
  return isEnough ? 'nothing_to_do' : 'too_little';
}
