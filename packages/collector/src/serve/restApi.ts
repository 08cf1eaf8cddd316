/** What fits into no tool, as JSON over HTTP, for the command line and for pages. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { VitalsError } from '../errors.ts';
import { ALERT_FEEDBACK, type Silence } from '../model/alert.ts';
import { DAY_MS, MINUTE_MS } from '../model/rollup.ts';
import { jsonBody } from './jsonApi.ts';
import { isoTime } from './params.ts';
import type { Services } from './services.ts';
import type { Scope } from './tools/defineTool.ts';

export type RestServices = Pick<Services, 'store' | 'clock' | 'detection' | 'alerts' | 'notifications' | 'reports'>;

const silenceBody = z.strictObject({
  server: z.string().min(1).max(200),
  tool: z.string().min(1).max(200).default('*'),
  minutes: z.number().positive(),
  by: z.string().min(1).max(200),
  reason: z.string().max(500).default(''),
});

const comparisonQuery = z.strictObject({
  from: z.string().min(1).max(200),
  to: z.string().min(1).max(200),
  server: z.string().min(1).max(200).optional(),
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(14 * 1440),
});

const feedbackBody = z.strictObject({ feedback: z.enum(ALERT_FEEDBACK) });

const QUALITY_DAYS = 30;

/** @param requireScope throws when the caller's token does not allow it */
export function mountRestApi<E extends Env>(
  routes: Hono<E>,
  { store, clock, detection, alerts, notifications, reports }: RestServices,
  requireScope: (c: Context<E>, scope: Scope) => void,
): void {
  const read = (path: string, answer: (c: Context<E>) => Promise<object>) =>
    routes.get(path, async (c) => {
      requireScope(c, 'read');
      return c.json(await answer(c));
    });
  const change = (method: 'POST' | 'DELETE', path: string, answer: (c: Context<E>) => Promise<object>) =>
    routes.on(method, path, async (c) => {
      requireScope(c, 'admin');
      return c.json(await answer(c));
    });
  const idOf = (c: Context<E>) => c.req.param('id') ?? '';

  read('/api/v1/servers', async () => ({ servers: await store.listServers() }));
  read('/api/v1/anomalies/:id', (c) => detection.explain(idOf(c)));

  read('/api/v1/silences', async () => ({ silences: (await alerts.silences()).map(presentedSilence) }));
  change('POST', '/api/v1/silences', async (c) => {
    const { minutes, ...rest } = parsed(silenceBody, await jsonBody(c));
    const fromMs = clock.nowMs();
    return presentedSilence(await alerts.silence({ ...rest, fromMs, untilMs: fromMs + minutes * MINUTE_MS }));
  });
  change('DELETE', '/api/v1/silences/:id', async (c) => {
    await alerts.endSilence(idOf(c));
    return { ended: true };
  });

  change('POST', '/api/v1/alerts/:id/feedback', async (c) => {
    const { alertId, feedback } = await alerts.judge(idOf(c), parsed(feedbackBody, await jsonBody(c)).feedback);
    return { alertId, feedback };
  });
  read('/api/v1/alerts/quality', async () => {
    const toMs = clock.nowMs();
    return { days: QUALITY_DAYS, ...(await alerts.quality({ fromMs: toMs - QUALITY_DAYS * DAY_MS, toMs })) };
  });
  read('/api/v1/alerts/proposals', async () => ({ proposals: await alerts.proposals() }));
  read('/api/v1/objectives', async () => ({ objectives: await alerts.objectives() }));

  read('/api/v1/comparison', async (c) => {
    const { server, ...sides } = parsed(comparisonQuery, c.req.query());
    return reports.compare({ ...sides, server });
  });

  read('/api/v1/channels', async () => ({ channels: notifications.status() }));
  change('POST', '/api/v1/channels/:id/test', async (c) => {
    await notifications.test(idOf(c));
    return { sent: true };
  });
}

function presentedSilence({ fromMs, untilMs, ...rest }: Silence) {
  return { ...rest, from: isoTime(fromMs), until: isoTime(untilMs) };
}

/** @throws VitalsError `invalid` */
function parsed<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new VitalsError('invalid', `${issue!.path.join('.') || 'The body'}: ${issue!.message}`);
}
