/** Which alerts lead to a policy, and which do not. */
import { expect, it } from 'vitest';
import type { SetRule } from '../serve/ports/alerts.ts';
import type { Optimizations } from '../serve/ports/optimizations.ts';
import { testAlert } from '../testing/filledStore.ts';
import { createResolveByPolicy } from './resolveByPolicy.ts';

const rule = (name: string, resolvesBy: SetRule['resolvesBy']) => ({ name, resolvesBy }) as SetRule;
const RULES = [rule('slow', 'policy'), rule('told', 'people')];

/** Alerts of rules by name, and what became of each. */
async function resolved(subject: string, { actions = 1, obstacle = undefined as string | undefined } = {}) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const optimizations: Pick<Optimizations, 'plan' | 'obstacle' | 'apply'> = {
    plan: async (request) => {
      asked.push(request);
      return [{ actions: Array.from({ length: actions }) } as never];
    },
    obstacle: () => obstacle,
    apply: async (_plan, how) => {
      asked.push(how);
      return {} as never;
    },
  };
  const logger = {
    info: (_: object, text: string) => said.push(text),
    warn: (_: object, text: string) => said.push(text),
  };
  const alertRaised = createResolveByPolicy({
    alerts: { rules: async () => RULES },
    optimizations,
    logger: logger as never,
  });
  await alertRaised(
    testAlert({
      alertId: 'alert-1',
      fingerprint: JSON.stringify(['shop', 'pay', subject]),
      server: 'shop',
      tool: 'pay',
    }),
  );
  return { asked, said };
}

it('applies what is planned for the server and tool of an alert whose rule says so', async () => {
  expect(await resolved('rule:slow')).toEqual({
    asked: [
      { server: 'shop', tool: 'pay', strategy: 'conservative', target: 'latency', limits: {} },
      { by: 'mcp-vitals, for alert-1', watchSeconds: 600 },
    ],
    said: [],
  });
});

it.each(['rule:told', 'rule:no such', 'response_time', 'objective:slow'])(
  'leaves an alert of %s to people',
  async (subject) => {
    expect(await resolved(subject)).toEqual({ asked: [], said: [] });
  },
);

it('says what stands in the way, and applies nothing', async () => {
  const denied = await resolved('rule:slow', { obstacle: 'The setting is off' });
  expect(denied.asked).toHaveLength(1);
  expect(denied.said).toEqual(['A policy against an alert cannot be applied']);
  const helpless = await resolved('rule:slow', { actions: 0 });
  expect(helpless.said).toEqual(['No policy would help against what an alert was raised for']);
});
