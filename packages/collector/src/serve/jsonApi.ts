/**
 * The tools for those who do not speak MCP: `POST /api/v1/tools/NAME` with the arguments as JSON answers what
 * `tools/call` would; `POST /api/v1/tools` with an array of `{ name, arguments }` answers an array in the same order.
 */
import type { Context, Env, Hono } from 'hono';
import { z } from 'zod';
import { VitalsError } from '../errors.ts';
import type { ToolBackend, ToolCaller } from './toolBackend.ts';

const MAX_CALLS_PER_REQUEST = 1_000;

const callsSchema = z
  .array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) }))
  .max(MAX_CALLS_PER_REQUEST);

async function jsonBody(c: Context): Promise<unknown> {
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
  routes.post('/api/v1/tools', async (c) => {
    const caller = callerOf(c);
    const parsed = callsSchema.safeParse(await jsonBody(c));
    if (!parsed.success)
      throw new VitalsError('invalid', `Expected an array of calls: ${z.prettifyError(parsed.error)}`);
    return c.json(await Promise.all(parsed.data.map((call) => backend.call(call.name, call.arguments, caller))));
  });
  routes.post('/api/v1/tools/:name', async (c) => {
    const caller = callerOf(c);
    return c.json(await backend.call(c.req.param('name'), await jsonBody(c), caller));
  });
}
