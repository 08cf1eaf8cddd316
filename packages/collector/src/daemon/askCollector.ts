/** Asks a collector over HTTP, from outside: for commands that look at one, or have one do something. */
import { request } from 'undici';
import { type ErrorCode, HTTP_STATUS, VitalsError } from '../errors.ts';
import { readTokenOf } from '../serve/auth.ts';
import type { Scope } from '../serve/toolBackend.ts';
import { WORKSPACE_PARAMETER } from '../serve/workspaceAsked.ts';
import { readDiscovery } from './discovery.ts';

/** Whoever types a command has stopped waiting by then. */
const TIMEOUT_MS = 5_000;

export interface CollectorAnswer {
  statusCode: number;
  /** When it was answered, by the clock of the collector; as it stands in the header. */
  date: string | string[] | undefined;
  text: string;
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
    const text = await response.body.text();
    return {
      statusCode: response.statusCode,
      date: response.headers.date,
      text,
      body: jsonObject(text),
    };
  } catch {
    return undefined;
  }
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

interface OwnOptions {
  scope: Scope;
  /** That the answer is about only; default: all. */
  workspace?: string | undefined;
  body?: unknown;
  timeoutMs?: number;
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
  options: OwnOptions,
): Promise<Record<string, unknown>> {
  return (await successOf(dataDir, method, path, options)).body ?? {};
}

/** Like `askOwnCollector`, for what is no JSON. */
export async function askOwnCollectorForText(dataDir: string, path: string, options: OwnOptions): Promise<string> {
  return (await successOf(dataDir, 'GET', path, options)).text;
}

/** An address of the JSON API, asked as somebody who sees one workspace only. */
export function pathWithin(path: string, workspace: string | undefined): string {
  if (workspace === undefined) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${WORKSPACE_PARAMETER}=${encodeURIComponent(workspace)}`;
}

async function successOf(
  dataDir: string,
  method: NonNullable<AskOptions['method']>,
  path: string,
  { scope, workspace, ...options }: OwnOptions,
): Promise<CollectorAnswer> {
  const discovery = readDiscovery(dataDir);
  const token = discovery && readTokenOf(dataDir, scope);
  const answer =
    discovery && (await askCollector(discovery.url, pathWithin(path, workspace), { ...options, method, token }));
  if (!answer) {
    throw new VitalsError('not_found', `No collector answers for ${dataDir}`, {
      hint: 'Start one with `mcp-vitals serve`.',
    });
  }
  const { statusCode, body = {} } = answer;
  if (statusCode >= 200 && statusCode < 300) return answer;
  const code = Object.hasOwn(HTTP_STATUS, String(body.error)) ? (body.error as ErrorCode) : 'internal';
  const hint = typeof body.hint === 'string' ? { hint: body.hint } : {};
  throw new VitalsError(code, String(body.message ?? `The collector answered ${statusCode}`), hint);
}
