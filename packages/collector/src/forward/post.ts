/** One HTTP request, and how it ended. Redirects are not followed: only what was configured is told anything. */
import { type Dispatcher, request } from 'undici';
import { visibleText } from '../model/visibleText.ts';
import { retryAfterMs } from '../retryPause.ts';

export type PostResult =
  | { kind: 'taken'; answer: Uint8Array }
  /** This very request will never be taken. */
  | { kind: 'refused'; message: string }
  /** Something else is wrong, now: the network, the receiver, our right to it. */
  | { kind: 'later'; message: string; retryAfterMs: number | undefined };

export interface Post {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  timeoutMs: number;
  /** Ends it, with `later`. */
  signal: AbortSignal;
  dispatcher: Dispatcher;
  nowMs(): number;
  isRetryable(status: number): boolean;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const SHOWN_CHARACTERS = 300;

export async function post(options: Post): Promise<PostResult> {
  const { url, headers, body, timeoutMs, dispatcher, nowMs, isRetryable } = options;
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), options.signal]);
    const response = await request(url, { method: 'POST', headers, body, signal, dispatcher });
    const answer = await firstBytes(response.body);
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) return { kind: 'taken', answer };
    const message = describe(statusCode, answer);
    if (isRetryable(statusCode) || isAboutTheAddress(statusCode)) {
      return { kind: 'later', message, retryAfterMs: retryAfterMs(response.headers['retry-after'], nowMs()) };
    }
    return { kind: 'refused', message };
  } catch (error) {
    return { kind: 'later', message: reasonOf(error, timeoutMs), retryAfterMs: undefined };
  }
}

/** A wrong address or token is mended by people, and nothing is to be lost until they have. */
function isAboutTheAddress(status: number): boolean {
  return (status >= 300 && status < 400) || [401, 403, 404, 405, 407, 408].includes(status);
}

async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function describe(status: number, answer: Uint8Array): string {
  if (status >= 300 && status < 400) return `it answered ${status}, and redirects are not followed`;
  const text = Buffer.from(answer).toString('utf8').trim();
  const isText = text !== '' && !text.includes('�');
  return `it answered ${status}${isText ? `: ${visibleText(text, SHOWN_CHARACTERS)}` : ''}`;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it took longer than ${timeoutMs} ms`;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || error.message.includes(code) ? error.message || error.name : `${code} ${error.message}`;
}
