/** Two sides compared, tool by tool. */
import { z } from 'zod';
import { defineRoute } from './defineRoute.ts';
import { named } from './shapes.ts';

const compared = named(
  'Compared',
  z.object({
    from: z.number().nullable(),
    to: z.number().nullable(),
    verdict: z.enum(['same', 'better', 'worse', 'unknown']),
  }),
);

const name = z.string().min(1).max(200);

export const getComparison = defineRoute({
  method: 'GET',
  path: '/comparison',
  summary: 'Whether one environment, or one version of a server, does worse than another',
  group: 'Look',
  scope: 'read',
  query: z.strictObject({
    from: name,
    to: name,
    server: name.optional().describe('With it, `from` and `to` are versions of this server'),
    minutes: z.coerce
      .number()
      .int()
      .min(1)
      .max(14 * 1440),
  }),
  answer: z.object({
    from: z.string(),
    to: z.string(),
    isWorse: z.boolean(),
    tools: z.array(
      z.object({
        tool: z.string(),
        calls: z.tuple([z.number(), z.number()]),
        p50Ms: compared,
        p95Ms: compared,
        errorPercent: compared,
      }),
    ),
  }),
  run: ({ query: { server, ...sides } }, { reports }) => reports.compare({ ...sides, server }),
});
