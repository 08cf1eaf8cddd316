/**
 * The tools for those who do not speak MCP: `POST /api/v1/tools/NAME` with the arguments as a JSON object answers what
 * `tools/call` would. Attached processes call through it as well.
 */
import type { Context, Env, Hono } from 'hono';
import { VitalsError } from '../errors.ts';
import type { ToolBackend, ToolCaller } from './toolBackend.ts';

const MAX_JSON_BYTES = 1024 * 1024;

/** @throws VitalsError `invalid`, or `too_large` as soon as it is known */
export async function jsonBody(c: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new VitalsError('invalid', 'The content type must be application/json');
  }
  const text = await limitedText(c.req.raw, MAX_JSON_BYTES);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new VitalsError('invalid', 'The body is not JSON', { cause: error });
  }
}

/** By what arrives and not by what the headers promise: a body in chunks does not tell its length. */
async function limitedText(request: Request, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new VitalsError('too_large', `The body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
