/** What would make a server better, with what it is expected to change; and, where both sides allow it, the change itself. */
import { z } from 'zod';
import { VitalsError } from '../../../errors.ts';
import { type Plan, STRATEGIES, TARGETS } from '../../../model/optimization/plan.ts';
import type { PolicyRecord } from '../../../model/optimization/policyRecord.ts';
import { presentedPlan, presentedPolicy } from '../../optimizationShapes.ts';
import { nameParam } from '../../params.ts';
import type { OptimizationRequest } from '../../ports/optimizations.ts';
import type { Services } from '../../ports/services.ts';
import type { ToolCall } from '../../toolBackend.ts';
import { defineTool } from '../defineTool.ts';
import { planText } from './planText.ts';

/** Which controls touch what. */
const CONTROLS_OF = {
  cpu: ['rate', 'cache', 'coalesce', 'concurrency', 'shed'],
  memory: ['concurrency', 'shed'],
  disk: ['cache', 'coalesce'],
  time: ['timeout', 'concurrency', 'shed'],
} as const;
const RESOURCES = ['cpu', 'memory', 'disk', 'time'] as const;

/** What one reads first: spelled out, the rest of `planShape` and `policyShape` would cost every conversation 2,500 characters. */
const action = z.looseObject({ tool: z.string(), control: z.string(), permitted: z.boolean(), why: z.string() });
const plan = z.looseObject({ server: z.string(), verdict: z.string(), actions: z.array(action) });
const policy = z.looseObject({ server: z.string(), version: z.number(), state: z.string() });

export const optimizeResources = defineTool({
  name: 'optimize_resources',
  title: 'Optimize resources',
  description:
    'Plan controls (concurrency, timeout, cache, rate) for slow or saturated servers, with expected effects. autoApply applies what both sides permit, watches it, undoes it if worse.',
  scope: 'read',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    scope: z.enum(['system', 'server', 'tool']),
    mcpServer: nameParam.optional(),
    toolName: nameParam.optional(),
    resources: z.array(z.enum(RESOURCES)).min(1).optional(),
    strategy: z.enum(STRATEGIES).default('balanced'),
    target: z.enum(TARGETS).default('latency'),
    limits: z
      .strictObject({ maxCpuPercent: z.number().positive(), maxMemoryMb: z.number().positive() })
      .partial()
      .default({}),
    autoApply: z.boolean().default(false).describe('Needs an admin token'),
    monitoringSeconds: z.number().int().min(1).max(3_600).default(300),
  }),
  output: z.object({
    plans: z.array(plan),
    applied: z.array(policy),
    notApplied: z.array(z.looseObject({ reason: z.string() })),
  }),

  async run(input, { optimizations, config }: Pick<Services, 'optimizations' | 'config'>, { caller }: ToolCall) {
    const { autoApply, monitoringSeconds } = input;
    if (autoApply) {
      requireAdmin(caller.scope);
      requireLongEnough(monitoringSeconds, config.optimization.minWatchSeconds);
    }
    const plans = await optimizations.plan(requestOf(input));
    const applied: PolicyRecord[] = [];
    const notApplied: { server: string; reason: string }[] = [];
    for (const plan of plans) {
      if (plan.actions.length === 0) continue;
      const reason = autoApply ? optimizations.obstacle(plan) : 'Only a plan was asked for: autoApply is false.';
      if (reason !== undefined) notApplied.push({ server: plan.server, reason });
      else applied.push(await optimizations.apply(plan, { by: caller.client, watchSeconds: monitoringSeconds }));
    }
    return {
      structured: { plans: plans.map(presentedPlan), applied: applied.map(presentedPolicy), notApplied },
      text: planText(plans, applied, notApplied),
    };
  },
});

/** @throws VitalsError `forbidden` */
function requireAdmin(scope: ToolCall['caller']['scope']): void {
  if (scope === 'admin') return;
  throw new VitalsError('forbidden', `autoApply needs a token of scope admin, not ${scope}`, {
    hint: 'Without autoApply it only plans, for which any token that may read is enough.',
  });
}

/** @throws VitalsError `invalid` */
function requireLongEnough(monitoringSeconds: number, least: number): void {
  if (monitoringSeconds >= least) return;
  throw new VitalsError('invalid', `monitoringSeconds: at least ${least}, to tell a change from chance`);
}

interface Asked {
  scope: 'system' | 'server' | 'tool';
  mcpServer?: string | undefined;
  toolName?: string | undefined;
  resources?: readonly (typeof RESOURCES)[number][] | undefined;
  strategy: Plan['strategy'];
  target: Plan['target'];
  limits: OptimizationRequest['limits'];
}

/** @throws VitalsError `invalid` */
function requestOf({ scope, mcpServer, toolName, resources, strategy, target, limits }: Asked): OptimizationRequest {
  if (scope !== 'system' && mcpServer === undefined) throw new VitalsError('invalid', `scope ${scope} needs mcpServer`);
  if (scope === 'tool' && toolName === undefined) throw new VitalsError('invalid', 'scope tool needs toolName');
  return {
    strategy,
    target,
    limits,
    ...(scope !== 'system' && { server: mcpServer }),
    ...(scope === 'tool' && { tool: toolName }),
    ...(resources !== undefined && {
      controls: resources.flatMap((resource): Plan['actions'][number]['control'][] => [...CONTROLS_OF[resource]]),
    }),
  };
}
