/**
 * `POST /v1/alertmanager`: what Alertmanager's webhook sends (its version 4), and Grafana's contact point of the same shape.
 * Fields that are not named here are not looked at.
 */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { parsed } from './api/inputs.ts';
import type { Authorized } from './api/mount.ts';
import { jsonBody } from './jsonApi.ts';
import type { ForeignAlert } from './ports/alerts.ts';
import type { Scope } from './toolBackend.ts';

/** More are to come in several requests: Alertmanager has `max_alerts` for it. */
const MAX_ALERTS = 500;
const MAX_TEXTS = 100;

const texts = z
  .record(z.string().max(1_000), z.string().max(20_000))
  .refine((all) => Object.keys(all).length <= MAX_TEXTS, `at most ${MAX_TEXTS} of them`);

const time = z
  .string()
  .max(64)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time of RFC 3339');

const webhook = z.object({
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: texts,
        annotations: texts.default({}),
        endsAt: time.optional(),
        generatorURL: z.string().max(20_000).optional(),
      }),
    )
    .max(MAX_ALERTS),
});

/** @param authorize throws when who asks may not; returns what they have */
export function mountAlertmanagerWebhook<E extends Env>(
  routes: Hono<E>,
  authorize: (c: Context<E>, scope: Scope) => Authorized,
): void {
  routes.post('/v1/alertmanager', async (c) => {
    const { caller, servicesOf } = authorize(c, 'ingest');
    const { alerts } = servicesOf(caller.workspace);
    const told = parsed(webhook, await jsonBody(c));
    return c.json(await alerts.receive(told.alerts.map(foreignAlert)));
  });
}

function foreignAlert({
  status,
  labels,
  annotations,
  endsAt,
  generatorURL,
}: z.output<typeof webhook>['alerts'][number]): ForeignAlert {
  const endsAtMs = endsAt === undefined ? 0 : Date.parse(endsAt);
  return {
    isFiring: status === 'firing',
    labels: new Map(Object.entries(labels)),
    annotations: new Map(Object.entries(annotations)),
    // The year 1 stands for a time that is not set.
    endsAtMs: endsAtMs > 0 ? endsAtMs : null,
    url: generatorURL || undefined,
  };
}
