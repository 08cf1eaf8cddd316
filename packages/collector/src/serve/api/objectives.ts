/** Service level objectives. */
import { z } from 'zod';
import { objectiveSchema } from '../../config/alerting.ts';
import { splitName } from '../../model/workspace.ts';
import { rounded } from '../tools/rounded.ts';
import { defineRoute } from './defineRoute.ts';
import { parsed } from './inputs.ts';
import { named } from './shapes.ts';

const objective = named(
  'Objective',
  z.object({
    name: z.string(),
    server: z.string(),
    tool: z.string().describe('Empty for the whole server'),
    objectivePercent: z.number().describe('Calls that are to be good, %'),
    withinMs: z.number().optional().describe('A good call takes no longer; absent: it does not fail'),
    windowDays: z.number().int(),
    calls: z.number().int().describe('Within the window'),
    goodPercent: z.number().nullable(),
    budgetLeftPercent: z.number().describe('Below 0 when more than all of it is used'),
    burnRates: z.record(z.string(), z.number()).describe('How many times as fast as the budget allows, by window'),
    isFixed: z.boolean().describe('Whether it comes from the settings, which only their file changes'),
  }),
);

export const listObjectives = defineRoute({
  method: 'GET',
  path: '/objectives',
  summary: 'Objectives, how much of their error budgets is left, and how fast they burn',
  group: 'Objectives',
  scope: 'read',
  answer: z.object({ objectives: z.array(objective) }),
  async run(_input, { alerts }) {
    const objectives = await alerts.objectives();
    return {
      objectives: objectives.map(({ goodPercent, budgetLeftPercent, burnRates, ...rest }) => ({
        ...rest,
        goodPercent: goodPercent === null ? null : rounded(goodPercent),
        budgetLeftPercent: rounded(budgetLeftPercent),
        burnRates: Object.fromEntries(Object.entries(burnRates).map(([name, rate]) => [name, rounded(rate)])),
      })),
    };
  },
});

export const setObjective = defineRoute({
  method: 'PUT',
  path: '/objectives/{name}',
  summary: 'Set an objective, or change it',
  group: 'Objectives',
  scope: 'admin',
  body: objectiveSchema.omit({ name: true }),
  answer: z.object({ name: z.string() }),
  audit: ({ body }, { name }) => ({
    action: 'objective.set',
    server: body.server,
    summary: `${body.objectivePercent} % of calls are to be good within ${body.windowDays} days`,
    details: { name, tool: body.tool ?? '', objectivePercent: body.objectivePercent, withinMs: body.withinMs ?? null },
  }),
  async run({ path, body }, { alerts }) {
    // One of a workspace is as long as that its own name fits.
    parsed(objectiveSchema.pick({ name: true }), { name: splitName(path.name!).name });
    const { name } = await alerts.setObjective({ name: path.name!, ...body });
    return { name };
  },
});

export const removeObjective = defineRoute({
  method: 'DELETE',
  path: '/objectives/{name}',
  summary: 'Remove an objective',
  group: 'Objectives',
  scope: 'admin',
  answer: z.object({ removed: z.boolean() }),
  audit: ({ path }) => ({
    action: 'objective.removed',
    server: '',
    summary: 'An objective was removed',
    details: { name: path.name! },
  }),
  async run({ path }, { alerts }) {
    await alerts.removeObjective(path.name!);
    return { removed: true };
  },
});
