/**
 * `GET /metrics`, and how long requests take. Routes are named by their pattern: a path comes from outside, and each would be
 * a series of its own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import { encodingFor } from './contentEncoding.ts';
import type { Metrics } from './ports/views.ts';

const compress = promisify(gzip);

/** A fifth of the time of the default, and little larger: lines differ in few places. */
const GZIP_LEVEL = 1;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Where nothing is, or something that has no pattern. */
export const OTHER_ROUTE = 'other';

/** Whoever scrapes has been let in. @param workspace whose servers only; undefined: all */
export async function answerMetrics(
  metrics: Pick<Metrics, 'render'>,
  workspace: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { contentType, body } = await metrics.render(request.headers.accept, workspace);
  const encoding = encodingFor(request.headers['accept-encoding'], ['gzip']);
  const plain = Buffer.from(body);
  const sent = encoding === undefined ? plain : await compress(plain, { level: GZIP_LEVEL });
  if (encoding !== undefined) response.setHeader('content-encoding', encoding);
  response.setHeader('vary', 'accept, accept-encoding');
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', sent.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : sent);
}

/** Times requests by the route that they turn out to have; what stays open for hours is left out. */
export class RequestTimes {
  readonly #routes = new WeakMap<IncomingMessage, string | null>();

  constructor(
    private readonly metrics: Pick<Metrics, 'observeRequest'>,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  begin(request: IncomingMessage, response: ServerResponse): void {
    const startedMs = this.clock.monotonicMs();
    response.once('close', () => {
      const route = this.#routes.get(request) ?? OTHER_ROUTE;
      if (this.#routes.get(request) === null) return;
      const method = METHODS.has(request.method!) ? request.method! : 'other';
      const durationMs = this.clock.monotonicMs() - startedMs;
      this.metrics.observeRequest({ method, route, status: response.statusCode, durationMs });
    });
  }

  /** @param route a pattern, or null for what stays open */
  name(request: IncomingMessage, route: string | null): void {
    this.#routes.set(request, route);
  }
}
