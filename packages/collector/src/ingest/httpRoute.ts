/**
 * `POST /v1/batches` on plain node:http. This one route does not go through the web framework: it is called a thousand
 * times a second, and building a web-standard request and response costs more than everything else it does
 * (docs/decisions/0008-one-daemon.md has the figures).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BATCH_CONTENT_TYPE, type Batch, SENT_AT_HEADER } from '@mcp-vitals/wire/decode';
import { HTTP_STATUS, VitalsError } from '../errors.ts';
import { readBody } from '../readBody.ts';
import { type Ingest, RefusedBatch } from './ingest.ts';

export interface BatchRouteDeps {
  ingest: Ingest;
  maxBytes: number;
  /** Authenticates; throws VitalsError. Returns the workspace that the sender is limited to. */
  authorize(request: IncomingMessage): string | undefined;
  /** Policies of the batch's servers, as a JSON array; undefined where there is none, as for almost every batch. */
  policiesFor(batch: Batch): string | undefined;
  /** Told of failures that are ours. */
  onError(error: unknown): void;
}

const ACCEPTED = JSON.stringify({ accepted: true, duplicate: false });
const DUPLICATE = JSON.stringify({ accepted: true, duplicate: true });

/** A media type or an encoding that is not understood: 415, which no error code stands for. */
class UnsupportedMedia extends VitalsError {
  constructor(message: string) {
    super('invalid', message);
  }
}

function checkMedia({ headers }: IncomingMessage): void {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== BATCH_CONTENT_TYPE) throw new UnsupportedMedia(`The content type must be ${BATCH_CONTENT_TYPE}`);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new UnsupportedMedia('Compressed batches are not accepted');
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function answerRefusal(request: IncomingMessage, response: ServerResponse, error: VitalsError): void {
  const status = error instanceof UnsupportedMedia ? 415 : HTTP_STATUS[error.code];
  const reason = error instanceof RefusedBatch ? error.reason : error.code;
  if (error.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(error.retryAfterMs / 1000));
  // What is left of an unread body must not be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: error.code, reason, message: error.message, hint: error.hint }), () => {
    if (!request.complete) request.destroy();
  });
}

function withPolicies(answer: string, policies: string | undefined): string {
  return policies === undefined ? answer : `${answer.slice(0, -1)},"policies":${policies}}`;
}

/** Makes the handler; it answers every request that it is given and never throws. */
export function createBatchRoute({ ingest, maxBytes, authorize, policiesFor, onError }: BatchRouteDeps) {
  return async function handleBatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const workspace = authorize(request);
      checkMedia(request);
      const body = await readBody(request, maxBytes);
      const { batch, result } = await ingest.receive(body, header(request.headers[SENT_AT_HEADER]), workspace);
      const answer = withPolicies(result === 'duplicate' ? DUPLICATE : ACCEPTED, policiesFor(batch));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
      response.end(answer);
    } catch (error) {
      if (error instanceof VitalsError) {
        if (error.code === 'unavailable' || error.code === 'internal') onError(error);
        answerRefusal(request, response, error);
      } else {
        onError(error);
        answerRefusal(request, response, new VitalsError('internal', 'The collector failed; its log says why'));
      }
    }
  };
}
