/** Puts the routes on the server: who asks, what was sent, what is answered. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { jsonBody } from '../jsonApi.ts';
import type { Scope, ToolCaller } from '../toolBackend.ts';
import type { ApiServices, RouteDefinition } from './defineRoute.ts';
import { ROUTES } from './index.ts';
import { parsed } from './inputs.ts';

export const API_PREFIX = '/api/v1';

/** @param requireScope who asks; throws when they may not */
export function mountApi<E extends Env>(
  routes: Hono<E>,
  services: ApiServices,
  requireScope: (c: Context<E>, scope: Scope) => ToolCaller,
): void {
  for (const route of ROUTES) {
    routes.on(route.method, API_PREFIX + route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const caller = requireScope(c, route.scope);
      return c.json(await answer(route, c, services, caller));
    });
  }
}

const NO_FIELDS = z.strictObject({});

async function answer(
  { query, body, audit, run }: RouteDefinition,
  c: Context,
  services: ApiServices,
  caller: ToolCaller,
): Promise<object> {
  const input = {
    path: c.req.param() as Record<string, string>,
    query: parsed(query ?? NO_FIELDS, c.req.query()),
    body: body === undefined ? {} : parsed(body, await jsonBody(c)),
  };
  const answered = await run(input, services);
  if (audit !== undefined) await services.audit.record({ ...audit(input, answered), by: caller.client });
  return answered;
}
