/** Asks a collector over HTTP, from outside: for commands that look at one and change nothing. */
import { request } from 'undici';

/** Whoever types a command has stopped waiting by then. */
const TIMEOUT_MS = 5_000;

export interface CollectorAnswer {
  statusCode: number;
  /** When it was answered, by the clock of the collector; as it stands in the header. */
  date: string | string[] | undefined;
  /** Undefined when it is no JSON object. */
  body: Record<string, unknown> | undefined;
}

/** @returns undefined when nobody answers */
export async function askCollector(url: string, path: string, token?: string): Promise<CollectorAnswer | undefined> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const response = await request(new URL(path, url), {
      headers,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    const body: unknown = await response.body.json().catch(() => undefined);
    const isObject = typeof body === 'object' && body !== null;
    return {
      statusCode: response.statusCode,
      date: response.headers.date,
      body: isObject ? (body as Record<string, unknown>) : undefined,
    };
  } catch {
    return undefined;
  }
}
