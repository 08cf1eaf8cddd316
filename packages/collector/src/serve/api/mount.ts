/** Puts the routes on the server: who asks, what was sent, what is answered. */
import type { Context, Env, Hono } from 'hono';
import type { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import { jsonBody } from '../jsonApi.ts';
import type { Scope } from '../tools/defineTool.ts';
import type { ApiServices, RouteDefinition } from './defineRoute.ts';
import { ROUTES } from './index.ts';

export const API_PREFIX = '/api/v1';

/** @param requireScope throws when who asks may not */
export function mountApi<E extends Env>(
  routes: Hono<E>,
  services: ApiServices,
  requireScope: (c: Context<E>, scope: Scope) => void,
): void {
  for (const route of ROUTES) {
    routes.on(route.method, API_PREFIX + route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      requireScope(c, route.scope);
      return c.json(await answer(route, c, services));
    });
  }
}

async function answer({ query, body, run }: RouteDefinition, c: Context, services: ApiServices): Promise<object> {
  const input = {
    path: c.req.param() as Record<string, string>,
    query: query === undefined ? {} : parsed(query, c.req.query()),
    body: body === undefined ? {} : parsed(body, await jsonBody(c)),
  };
  return run(input, services);
}

/** @throws VitalsError `invalid`, naming what is wrong */
export function parsed<Output>(schema: z.ZodType<Output>, given: unknown): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new VitalsError('invalid', `${issue!.path.join('.') || 'The request'}: ${issue!.message}`);
}
