/** One HTTP request with a JSON body, as webhooks want it. Redirects are not followed: only what was configured is asked. */
import { request } from 'undici';
import { retryAfterMs } from '../../retryPause.ts';
import { DeliveryError } from './channel.ts';

/** Of an answer nothing is read but whether it is one. */
const MAX_ANSWER_BYTES = 64 * 1024;

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
  throw new DeliveryError(
    `it answered ${statusCode}`,
    REFUSED.has(statusCode),
    retryAfterMs(response.headers['retry-after'], Date.now()),
  );
}
