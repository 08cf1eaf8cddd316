/** Puts the routes on the server: who asks, what was sent, what is answered. */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { jsonBody } from '../jsonApi.ts';
import type { ServicesOf } from '../ports/services.ts';
import type { Scope, ToolCaller } from '../toolBackend.ts';
import { askedWithin, WORKSPACE_PARAMETER } from '../workspaceAsked.ts';
import type { RouteDefinition } from './defineRoute.ts';
import { ROUTES } from './index.ts';
import { parsed } from './inputs.ts';

export const API_PREFIX = '/api/v1';

/** Who asks, and what they have of the collector. */
export interface Authorized {
  caller: ToolCaller;
  servicesOf: ServicesOf;
}

/** @param authorize throws when who asks may not; returns what they have */
export function mountApi<E extends Env>(routes: Hono<E>, authorize: (c: Context<E>, scope: Scope) => Authorized): void {
  for (const route of ROUTES) {
    routes.on(route.method, API_PREFIX + route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      return c.json(await answer(route, c, authorize(c, route.scope)));
    });
  }
}

const NO_FIELDS = z.strictObject({});

async function answer(
  { query, body, audit, run }: RouteDefinition,
  c: Context,
  { caller, servicesOf }: Authorized,
): Promise<object> {
  const inQuery = askedWithin(queryOf(c), caller.workspace);
  const inBody = askedWithin(body === undefined ? {} : await jsonBody(c), inQuery.workspace);
  const input = {
    path: c.req.param() as Record<string, string>,
    query: parsed(query ?? NO_FIELDS, inQuery.args),
    body: body === undefined ? {} : parsed(body, inBody.args),
  };
  const services = servicesOf(inBody.workspace);
  const answered = await run(input, services);
  if (audit !== undefined) await services.audit.record({ ...audit(input, answered), by: caller.client });
  return answered;
}

/** Without the one parameter that every route takes. */
export function queryOf(c: Context): Record<string, string> {
  const { [WORKSPACE_PARAMETER]: _, ...query } = c.req.query();
  return query;
}
