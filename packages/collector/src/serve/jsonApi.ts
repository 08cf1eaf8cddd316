/**
 * The tools for those who do not speak MCP: `POST /api/v1/tools/NAME` with the arguments as a JSON object answers what
 * `tools/call` would, or streams it to those who accept that. Attached processes call through it as well.
 */
import type { Context, Env, Hono } from 'hono';
import { VitalsError } from '../errors.ts';
import { acceptsNdjson, StreamedCalls } from './streamedCalls.ts';
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
  onError: (error: unknown) => void,
): void {
  const streamed = new StreamedCalls(onError);
  routes.post('/api/v1/tools/:name', async (c) => {
    const caller = callerOf(c);
    const name = c.req.param('name');
    const args = await jsonBody(c);
    if (acceptsNdjson(c.req.header('accept'))) {
      return streamed.start(caller, (control) => backend.call(name, args, caller, control));
    }
    return c.json(await backend.call(name, args, caller, { signal: c.req.raw.signal }));
  });
  routes.delete('/api/v1/calls/:id', (c) => {
    streamed.cancel(c.req.param('id'), callerOf(c));
    return c.json({ cancelled: true });
  });
}
