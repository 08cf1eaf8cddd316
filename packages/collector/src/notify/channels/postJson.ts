/** One HTTP request with a JSON body, as webhooks want it. Redirects are not followed: only what was configured is asked. */
import { request } from 'undici';
import { DeliveryError } from './channel.ts';

/** Of an answer nothing is read but whether it is one. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Nobody waits for longer, whatever the other side asks for. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Answers that say that this very request is wrong; others may be about the address or the moment. */
const REFUSED = new Set([400, 413, 422]);

export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'mcp-vitals', ...headers },
    body,
    signal,
  });
  const { statusCode } = response;
  await response.body.dump({ limit: MAX_ANSWER_BYTES });
  if (statusCode >= 200 && statusCode < 300) return;
  if (statusCode >= 300 && statusCode < 400)
    throw new DeliveryError(`it answered ${statusCode}, and redirects are not followed`);
  const retryAfter = response.headers['retry-after'];
  throw new DeliveryError(
    `it answered ${statusCode}`,
    REFUSED.has(statusCode),
    retryAfterMs(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter),
  );
}

/** Seconds, or a date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}
