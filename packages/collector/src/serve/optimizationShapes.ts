/** How plans and policies look in answers. Times are ISO 8601 in UTC, numbers as exact as they were measured. */
import { z } from 'zod';
import type { Plan } from '../model/optimization/plan.ts';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import { isoTime } from './params.ts';
import { rounded } from './tools/rounded.ts';

const figures = z.record(z.string(), z.number());
const interval = z.tuple([z.number(), z.number()]).nullable();

export const planShape = z.object({
  server: z.string(),
  verdict: z.string(),
  calls: z.number(),
  actions: z.array(
    z.object({
      tool: z.string(),
      control: z.string(),
      settings: z.record(z.string(), z.unknown()),
      permitted: z.boolean(),
      automatic: z.boolean(),
      why: z.string(),
      evidence: figures,
      effects: z.array(
        z.object({ metric: z.string(), changePercent: z.number().nullable(), interval, basis: z.string() }),
      ),
    }),
  ),
  advice: z.array(z.object({ tool: z.string(), what: z.string(), evidence: figures })),
});

export const policyShape = z.object({
  server: z.string(),
  version: z.number(),
  state: z.string(),
  /** A list, because names are a stranger's, and one of them may be `__proto__`. */
  tools: z.array(z.object({ tool: z.string(), controls: z.record(z.string(), z.unknown()) })),
  strategy: z.string(),
  target: z.string(),
  appliedAt: z.string(),
  appliedBy: z.string(),
  why: z.string(),
  watchUntil: z.string(),
  expiresAt: z.string(),
  previousVersion: z.number().nullable(),
  outcome: z
    .object({
      at: z.string(),
      by: z.string(),
      reason: z.string(),
      changes: z.array(
        z.object({
          tool: z.string(),
          metric: z.string(),
          before: z.number(),
          after: z.number(),
          changePercent: z.number(),
          interval,
          verdict: z.string(),
        }),
      ),
    })
    .optional(),
});

export function presentedPlan({ server, verdict, calls, actions, advice }: Plan): z.output<typeof planShape> {
  return {
    server,
    verdict,
    calls,
    actions: actions.map(({ isPermitted, isAutomatic, evidence, effects, settings, ...action }) => ({
      ...action,
      settings: { ...settings },
      permitted: isPermitted,
      automatic: isAutomatic,
      evidence: roundedFigures(evidence),
      effects: effects.map(({ changePercent, interval, ...effect }) => ({
        ...effect,
        changePercent: changePercent === null ? null : rounded(changePercent),
        interval: interval === null ? null : [rounded(interval[0]), rounded(interval[1])],
      })),
    })),
    advice: advice.map(({ evidence, ...rest }) => ({ ...rest, evidence: roundedFigures(evidence) })),
  };
}

export function presentedPolicy(record: PolicyRecord): z.output<typeof policyShape> {
  const { appliedAtMs, watchUntilMs, expiresAtMs, previous, outcome, tools, ...rest } = record;
  return {
    ...rest,
    tools: Object.entries(tools).map(([tool, controls]) => ({ tool, controls: { ...controls } })),
    appliedAt: isoTime(appliedAtMs),
    watchUntil: isoTime(watchUntilMs),
    expiresAt: isoTime(expiresAtMs),
    previousVersion: previous?.version ?? null,
    ...(outcome !== undefined && { outcome: presentedOutcome(outcome) }),
  };
}

function presentedOutcome({ atMs, by, reason, judgement }: NonNullable<PolicyRecord['outcome']>) {
  const changes = (judgement?.changes ?? []).map(({ basis: _basis, interval: [low, high], ...change }) => ({
    ...change,
    before: rounded(change.before),
    after: rounded(change.after),
    changePercent: rounded(change.changePercent),
    interval: [rounded(low), rounded(high)] as [number, number],
  }));
  return { at: isoTime(atMs), by, reason, changes };
}

function roundedFigures(given: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, rounded(value)]));
}
