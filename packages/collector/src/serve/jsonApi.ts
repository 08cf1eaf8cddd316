/**
 * The tools for those who do not speak MCP: `POST /api/v1/tools/NAME` with the arguments as a JSON object answers what
 * `tools/call` would. Attached processes call through it as well.
 */
import type { Context, Env, Hono } from 'hono';
import { VitalsError } from '../errors.ts';
import type { ToolBackend, ToolCaller } from './toolBackend.ts';

/** @throws VitalsError `invalid` */
export async function jsonBody(c: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new VitalsError('invalid', 'The content type must be application/json');
  }
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof VitalsError) throw error;
    throw new VitalsError('invalid', 'The body is not JSON', { cause: error });
  }
}

export function mountJsonApi<E extends Env>(
  routes: Hono<E>,
  backend: ToolBackend,
  callerOf: (c: Context<E>) => ToolCaller,
): void {
  routes.post('/api/v1/tools/:name', async (c) => {
    const caller = callerOf(c);
    return c.json(await backend.call(c.req.param('name'), await jsonBody(c), caller));
  });
}
