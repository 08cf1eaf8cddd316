/** Asks a collector over HTTP, from outside: for commands that look at one, or have one do something. */
import { request } from 'undici';
import { type ErrorCode, HTTP_STATUS, VitalsError } from '../errors.ts';
import { readTokenOf } from '../serve/auth.ts';
import type { Scope } from '../serve/tools/defineTool.ts';
import { readDiscovery } from './discovery.ts';

/** Whoever types a command has stopped waiting by then. */
const TIMEOUT_MS = 5_000;

export interface CollectorAnswer {
  statusCode: number;
  /** When it was answered, by the clock of the collector; as it stands in the header. */
  date: string | string[] | undefined;
  /** Undefined when it is no JSON object. */
  body: Record<string, unknown> | undefined;
}

export interface AskOptions {
  token?: string | undefined;
  method?: 'GET' | 'POST' | 'DELETE';
  /** What JSON can hold. */
  body?: unknown;
  timeoutMs?: number;
}

/** @returns undefined when nobody answers */
export async function askCollector(
  url: string,
  path: string,
  { token, method = 'GET', body, timeoutMs = TIMEOUT_MS }: AskOptions = {},
): Promise<CollectorAnswer | undefined> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await request(new URL(path, url), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const answer: unknown = await response.body.json().catch(() => undefined);
    const isObject = typeof answer === 'object' && answer !== null;
    return {
      statusCode: response.statusCode,
      date: response.headers.date,
      body: isObject ? (answer as Record<string, unknown>) : undefined,
    };
  } catch {
    return undefined;
  }
}

/**
 * Asks the collector of a data directory, with one of its tokens.
 * @returns the body of a successful answer
 * @throws VitalsError `not_found` when no collector answers; what it answered when that was no success
 */
export async function askOwnCollector(
  dataDir: string,
  method: NonNullable<AskOptions['method']>,
  path: string,
  { scope, ...options }: { scope: Scope; body?: unknown; timeoutMs?: number },
): Promise<Record<string, unknown>> {
  const discovery = readDiscovery(dataDir);
  const token = discovery && readTokenOf(dataDir, scope);
  const answer = discovery && (await askCollector(discovery.url, path, { ...options, method, token }));
  if (!answer) {
    throw new VitalsError('not_found', `No collector answers for ${dataDir}`, {
      hint: 'Start one with `mcp-vitals serve`.',
    });
  }
  const { statusCode, body = {} } = answer;
  if (statusCode >= 200 && statusCode < 300) return body;
  const code = Object.hasOwn(HTTP_STATUS, String(body.error)) ? (body.error as ErrorCode) : 'internal';
  const hint = typeof body.hint === 'string' ? { hint: body.hint } : {};
  throw new VitalsError(code, String(body.message ?? `The collector answered ${statusCode}`), hint);
}
