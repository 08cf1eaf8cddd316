/** Silences: nothing is sent of what they name until they end. */
import { z } from 'zod';
import type { Silence } from '../../model/alert.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import { isoTime } from '../params.ts';
import { defineRoute } from './defineRoute.ts';
import { named, time } from './shapes.ts';

const name = z.string().min(1).max(200);

const silence = named(
  'Silence',
  z.object({
    silenceId: z.string(),
    server: z.string().describe('`*` stands for anything'),
    tool: z.string(),
    from: time,
    until: time,
    by: z.string(),
    reason: z.string(),
  }),
);

export const listSilences = defineRoute({
  method: 'GET',
  path: '/silences',
  summary: 'Silences that have not ended',
  group: 'Silences',
  scope: 'read',
  answer: z.object({ silences: z.array(silence) }),
  run: async (_input, { alerts }) => ({ silences: (await alerts.silences()).map(presented) }),
});

export const addSilence = defineRoute({
  method: 'POST',
  path: '/silences',
  summary: 'Send nothing of a server or a tool for a while',
  group: 'Silences',
  scope: 'admin',
  body: z.strictObject({
    server: name,
    tool: name.default('*'),
    minutes: z.number().positive(),
    by: name,
    reason: z.string().max(500).default(''),
  }),
  answer: silence,
  audit: ({ body }, { silenceId }) => ({
    action: 'silence.added',
    server: body.server,
    summary: `Nothing is sent for ${body.minutes} minutes`,
    details: { silenceId, tool: body.tool, minutes: body.minutes, by: body.by, reason: body.reason },
  }),
  async run({ body }, { alerts, clock }) {
    const { minutes, ...rest } = body;
    const fromMs = clock.nowMs();
    return presented(await alerts.silence({ ...rest, fromMs, untilMs: fromMs + minutes * MINUTE_MS }));
  },
});

export const endSilence = defineRoute({
  method: 'DELETE',
  path: '/silences/{id}',
  summary: 'End a silence now',
  group: 'Silences',
  scope: 'admin',
  answer: z.object({ ended: z.boolean() }),
  audit: ({ path }) => ({
    action: 'silence.ended',
    server: '',
    summary: 'A silence was ended',
    details: { silenceId: path.id! },
  }),
  async run({ path }, { alerts }) {
    await alerts.endSilence(path.id!);
    return { ended: true };
  },
});

function presented({ fromMs, untilMs, ...rest }: Silence): z.input<typeof silence> {
  return { ...rest, from: isoTime(fromMs), until: isoTime(untilMs) };
}
