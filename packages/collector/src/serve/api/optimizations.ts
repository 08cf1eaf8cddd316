/** Policies of servers: in force, what became of those before, and the way back. */
import { z } from 'zod';
import { policyShape, presentedPolicy } from '../optimizationShapes.ts';
import { isoTime } from '../params.ts';
import { defineRoute } from './defineRoute.ts';
import { serverField } from './inputs.ts';
import { named, time } from './shapes.ts';

const policy = named('Policy', policyShape);

const processes = z.array(
  z.object({ server: z.string(), permitted: z.array(z.string()), version: z.number(), lastSeen: time }),
);

export const listOptimizations = defineRoute({
  method: 'GET',
  path: '/optimizations',
  summary: 'Policies in force, the processes that obey them, and what became of those before, newest first',
  group: 'Optimizations',
  scope: 'read',
  query: z.strictObject({ server: serverField, limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  answer: z.object({ inForce: z.array(policy), history: z.array(policy), processes }),
  async run({ query: { server, limit } }, { optimizations, store }) {
    const names = server === undefined ? (await store.listServers()).map(({ name }) => name) : [server];
    const inForce = optimizations.policies().filter((record) => server === undefined || record.server === server);
    return {
      inForce: inForce.map(presentedPolicy),
      history: optimizations.history({ server, limit }).map(presentedPolicy),
      processes: names.flatMap((name) =>
        optimizations.instances(name).map(({ permitted, version, lastSeenMs }) => {
          return { server: name, permitted: [...permitted], version, lastSeen: isoTime(lastSeenMs) };
        }),
      ),
    };
  },
});

export const undoOptimization = defineRoute({
  method: 'POST',
  path: '/optimizations/undo',
  summary: 'Give a server back what was before its policy',
  group: 'Optimizations',
  scope: 'admin',
  body: z.strictObject({ server: z.string().min(1), by: z.string().min(1).max(200) }),
  answer: policy,
  run: async ({ body: { server, by } }, { optimizations }) => presentedPolicy(await optimizations.undo(server, by)),
});
