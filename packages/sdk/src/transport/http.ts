/**
 * Sends batches to a collector over HTTP, by TCP or unix socket. Whatever answers there is not trusted: answers are
 * awaited for a limited time, read up to a limited size, redirects are not followed, and only an answer that says
 * `accepted` counts as one.
 */
import type { IncomingMessage } from 'node:http';
import { BATCH_CONTENT_TYPE, POLICY_LIMITS, readPolicies, SENT_AT_HEADER } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Connection } from './connect.ts';
import type { TokenSource } from './token.ts';
import type { SendResult, Transport } from './transport.ts';

/** A batch is small and the collector answers after one disk write: slower than this is a failure. */
const SEND_TIMEOUT_MS = 10_000;
const MAX_REASON_LENGTH = 200;
const MAX_RETRY_AFTER_MS = 300_000;

/** Not about the batch: the token may still appear, the place may become the collector's, the load may pass. */
const PASSING_STATUS: ReadonlySet<number> = new Set([401, 403, 404, 405, 408, 421, 425, 429]);

export interface HttpTransportDeps {
  clock: Pick<Clock, 'nowMs'>;
  token: TokenSource;
  diagnostics: Pick<Diagnostics, 'warnOnce'>;
  /** Where to try, best first; asked again after every failed connection. */
  findEndpoints(): Endpoint[];
}

interface Answer {
  accepted?: unknown;
  duplicate?: unknown;
  message?: unknown;
  policies?: unknown;
}

export class HttpTransport implements Transport {
  #connection: Connection | undefined;
  #failedConnections = 0;

  constructor(readonly deps: HttpTransportDeps) {}

  async send(body: Uint8Array): Promise<SendResult> {
    try {
      this.#connection ??= await this.#connect();
      const answer = await this.#post(this.#connection, body);
      this.#failedConnections = 0;
      return answer;
    } catch (error) {
      this.#failedConnections += 1;
      await this.close();
      return { status: 'retryable', reason: reasonOf(error) };
    }
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.destroy();
  }

  async #connect(): Promise<Connection> {
    // Loaded with the first batch: a server's start does not wait for an HTTP client.
    const { openConnection } = await import('./connect.ts');
    const endpoints = this.deps.findEndpoints();
    // A socket file that nobody listens at must not hide a collector on the port.
    return openConnection(endpoints[this.#failedConnections % endpoints.length]!);
  }

  async #post(connection: Connection, body: Uint8Array): Promise<SendResult> {
    const token = await this.deps.token.get();
    const response = await connection.post({
      path: '/v1/batches',
      body,
      timeoutMs: SEND_TIMEOUT_MS,
      headers: {
        'content-type': BATCH_CONTENT_TYPE,
        [SENT_AT_HEADER]: String(this.deps.clock.nowMs()),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    const answer = await readAnswer(response);
    if (response.statusCode === 401) this.deps.token.forget();
    return this.#withPolicies(judge(response, answer), answer);
  }

  /** Nearly every answer has none. */
  #withPolicies(result: SendResult, answer: Answer): SendResult {
    if (answer.policies === undefined || (result.status !== 'success' && result.status !== 'duplicate')) return result;
    const { policies, refused } = readPolicies(answer);
    if (refused.length > 0) {
      this.deps.diagnostics.warnOnce('policy', `the collector sent a policy that is not obeyed: ${refused[0]}`);
    }
    return { ...result, policies };
  }
}

function judge({ statusCode = 0, headers }: IncomingMessage, answer: Answer): SendResult {
  if (statusCode === 200 && answer.accepted === true) {
    return { status: answer.duplicate === true ? 'duplicate' : 'success' };
  }
  const said = typeof answer.message === 'string' ? `: ${printable(answer.message)}` : '';
  const reason = statusCode === 200 ? 'the answer is not a collector’s' : `status ${statusCode}${said}`;
  const isVerdict = statusCode >= 400 && statusCode < 500 && !PASSING_STATUS.has(statusCode);
  if (isVerdict) return { status: 'failure', reason };
  return { status: 'retryable', reason, retryAfterMs: retryAfterMs(headers['retry-after']) };
}

/** The answer's JSON as far as it is any; the rest of an endless one is never read. */
async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > POLICY_LIMITS.maxAnswerBytes) throw new Error('the answer is too long for a collector’s');
    chunks.push(chunk);
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** The header's seconds in milliseconds; dates and nonsense count as absent. */
function retryAfterMs(value: string | string[] | undefined): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return seconds >= 0 ? Math.min(seconds * 1_000, MAX_RETRY_AFTER_MS) : undefined;
}

function reasonOf(error: unknown): string {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
  if (typeof code === 'string') return code;
  if (typeof cause?.code === 'string') return cause.code;
  return printable(typeof message === 'string' ? message : String(error));
}

/** A stranger's text, fit for a terminal. */
function printable(text: string): string {
  return text.slice(0, MAX_REASON_LENGTH).replace(/[^\x20-\x7e]/g, '?');
}
