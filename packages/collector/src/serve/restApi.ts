/** What fits into no tool, as JSON over HTTP, for the command line and for pages. */
import type { Context, Env, Hono } from 'hono';
import type { Services } from './services.ts';
import type { Scope } from './tools/defineTool.ts';

export type RestServices = Pick<Services, 'store' | 'detection'>;

/** @param requireScope throws when the caller's token does not allow it */
export function mountRestApi<E extends Env>(
  routes: Hono<E>,
  { store, detection }: RestServices,
  requireScope: (c: Context<E>, scope: Scope) => void,
): void {
  routes.get('/api/v1/servers', async (c) => {
    requireScope(c, 'read');
    return c.json({ servers: await store.listServers() });
  });
  routes.get('/api/v1/anomalies/:id', async (c) => {
    requireScope(c, 'read');
    return c.json(await detection.explain(c.req.param('id')));
  });
}
