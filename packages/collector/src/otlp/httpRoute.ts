/**
 * `POST /v1/metrics`: OTLP over HTTP, as https://opentelemetry.io/docs/specs/otlp/ describes it. Answers and errors are in
 * the encoding of the request. What may be sent again is told apart from what may not: 429 and 503 with Retry-After.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, HTTP_STATUS, VitalsError } from '../errors.ts';
import { metricsResponse, OTLP_CONTENT_TYPES, rpcStatus } from '../protobuf/otlpMetrics.ts';
import { type BodyLimits, encodingOf, readMetrics, UnsupportedMedia } from './body.ts';
import type { Receiver } from './receiver.ts';

export interface OtlpRouteDeps {
  receiver: Receiver;
  limits: BodyLimits;
  /** Authenticates; throws VitalsError. Returns the workspace that the sender is limited to. */
  authorize(request: IncomingMessage): string | undefined;
  /** Told of failures that are ours. */
  onError(error: unknown): void;
}

/** Requests that are read at once: their bodies and what is built of them are what this takes of memory. */
const MAX_AT_ONCE = 8;

const RETRY_AFTER_MS = 1_000;

/** Codes of google.rpc.Code. */
const RPC_CODES: Record<ErrorCode, number> = {
  invalid: 3,
  not_found: 5,
  conflict: 10,
  forbidden: 7,
  too_large: 3,
  rate_limited: 8,
  internal: 13,
  unavailable: 14,
  unauthorized: 16,
};

/** Makes the handler; it answers every request that it is given and never throws. */
export function createOtlpRoute({ receiver, limits, authorize, onError }: OtlpRouteDeps) {
  let underWay = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const workspace = authorize(request);
    if (underWay >= MAX_AT_ONCE) {
      throw new VitalsError('rate_limited', 'Too many requests at once', { retryAfterMs: RETRY_AFTER_MS });
    }
    underWay++;
    try {
      const result = await receiver.receive(await readMetrics(request, limits), workspace);
      const encoding = encodingOf(request) ?? 'json';
      respond(response, 200, OTLP_CONTENT_TYPES[encoding], metricsResponse.encode(result, encoding));
    } finally {
      underWay--;
    }
  }

  return async function handleMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await answer(request, response);
    } catch (error) {
      const known = error instanceof VitalsError ? error : undefined;
      if (known === undefined || known.code === 'internal' || known.code === 'unavailable') onError(error);
      refuse(request, response, known ?? new VitalsError('internal', 'The collector failed; its log says why'));
    }
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, error: VitalsError): void {
  const status = error instanceof UnsupportedMedia ? 415 : HTTP_STATUS[error.code];
  if (error.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(error.retryAfterMs / 1000));
  if (error.code === 'unauthorized') response.setHeader('www-authenticate', 'Bearer realm="mcp-vitals"');
  // What is left of an unread body must not be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  const encoding = encodingOf(request) ?? 'json';
  const message = [error.message, error.hint].filter((part) => part !== undefined).join(' ');
  const body = rpcStatus.encode({ code: RPC_CODES[error.code], message }, encoding);
  respond(response, status, OTLP_CONTENT_TYPES[encoding], body, () => {
    if (!request.complete) request.destroy();
  });
}

function respond(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Uint8Array,
  whenSent?: () => void,
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
  response.end(body, whenSent);
}
