/**
 * The collector's HTTP doors, the same on TCP and on the unix socket: batches, MCP over Streamable HTTP, the JSON API, the
 * page, health. Every request passes the Host and Origin checks first; every answer carries the same headers; every failure
 * is JSON.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { HTTP_STATUS, VitalsError } from '../errors.ts';
import { checkHost } from '../hostCheck.ts';
import { mountAlertmanagerWebhook } from './alertmanagerWebhook.ts';
import { mountAnalysisDocument } from './api/analysisDocument.ts';
import { API_PREFIX, type Authorized, mountApi } from './api/mount.ts';
import { openApiDocument } from './api/openApi.ts';
import { mountReports } from './api/report.ts';
import { mountSessions } from './api/session.ts';
import type { Authenticator } from './auth.ts';
import { Callers } from './callers.ts';
import { mountJsonApi } from './jsonApi.ts';
import { answerMetrics, RequestTimes } from './metrics.ts';
import type { Page } from './page.ts';
import type { ServicesOf } from './ports/services.ts';
import type { Metrics } from './ports/views.ts';
import type { Sessions } from './sessions.ts';
import type { LiveStream } from './stream.ts';
import { NDJSON } from './streamedCalls.ts';
import type { Scope, ToolBackend, ToolCaller } from './toolBackend.ts';

export interface Health {
  version: string;
  /** Only for callers with a token that is good for all of it. */
  details(): Promise<Record<string, unknown>>;
}

export interface HttpDeps {
  config: Pick<Config, 'allowedHosts' | 'prometheus'>;
  clock: Pick<Clock, 'monotonicMs'>;
  metrics: Metrics;
  authenticator: Authenticator;
  backend: ToolBackend;
  health: Health;
  servicesOf: ServicesOf;
  sessions: Sessions;
  stream: LiveStream;
  page: Page;
  /** `POST /v1/batches`. */
  handleBatch(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** `POST /v1/metrics`. */
  handleOtlp(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** `/mcp`. */
  handleMcp(request: Request, caller: ToolCaller): Promise<Response>;
  /** Told of failures that are ours. */
  onError(error: unknown): void;
}

export interface HttpDoors {
  listener: RequestListener;
  /** Ends the responses that are kept open, and has clients connect anew after each further answer. */
  close(): void;
}

/** For all that is no page: a browser that is made to show an answer gets nothing to run. */
const SECURITY_HEADERS: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function errorBody(error: VitalsError) {
  return { error: error.code, message: error.message, hint: error.hint };
}

function errorHeaders(error: VitalsError): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  if (error.code === 'unauthorized') headers['www-authenticate'] = 'Bearer realm="mcp-vitals"';
  return headers;
}

/** The pattern of what is asked of every request, and of those that nothing else is there for. */
const ALL_PATHS = '/*';

const MCP_PATH = '/mcp';

/** Of all files of the page. */
const PAGE_ROUTE = 'page';

interface PlainRoute {
  /** Its duration says nothing of how quick the collector is. */
  staysOpen?: boolean;
  /** @throws VitalsError */
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/** Of a request by somebody who may look. */
type Showing = (request: IncomingMessage, response: ServerResponse, workspace: string | undefined) => void;

type Bindings = { Bindings: { incoming: IncomingMessage } };

function createRoutes(deps: HttpDeps, callers: Callers, times: RequestTimes): Hono<Bindings> {
  const { authenticator, backend, health, servicesOf, sessions, handleMcp, onError } = deps;
  const routes = new Hono<Bindings>();
  const callerOf = (c: Context<Bindings>, needed: Scope) => callers.require(needed, c.env.incoming);
  const authorize = (c: Context<Bindings>, needed: Scope): Authorized => ({ caller: callerOf(c, needed), servicesOf });

  routes.use(async (c, next) => {
    await next();
    const route = routePath(c, -1);
    if (route === ALL_PATHS) return;
    // A GET of the MCP endpoint is a stream of what the server has to say; a streamed call takes as long as it was asked to.
    const staysOpen = (route === MCP_PATH && c.req.method === 'GET') || c.res.headers.get('content-type') === NDJSON;
    times.name(c.env.incoming, staysOpen ? null : route);
  });
  routes.get('/healthz', async (c) => {
    const { version } = health;
    const grant = callers.grantOf(c.env.incoming);
    const seesAll = grant !== undefined && grant.workspace === undefined;
    return c.json({ ok: true, version, ...(seesAll ? await health.details() : {}) });
  });
  routes.all(MCP_PATH, (c) => handleMcp(c.req.raw, callerOf(c, 'read')));
  mountJsonApi(routes, backend, (c) => callerOf(c, 'read'), onError);
  mountApi(routes, authorize);
  mountAlertmanagerWebhook(routes, authorize);
  mountReports(routes, authorize);
  mountAnalysisDocument(routes, authorize);
  mountSessions(routes, {
    sessions,
    authenticator,
    requireScope: callerOf,
    refuseOtherPages: (c) => void callers.grantOf(c.env.incoming),
  });
  routes.get(`${API_PREFIX}/openapi.json`, (c) => c.json(openApiDocument(health.version)));
  routes.notFound((c) => c.json(errorBody(new VitalsError('not_found', 'There is nothing at this address')), 404));
  routes.onError((error) => {
    const known = error instanceof VitalsError ? error : undefined;
    if (!known || known.code === 'internal') onError(error);
    const shown = known ?? new VitalsError('internal', 'The collector failed; its log says why');
    return new Response(JSON.stringify(errorBody(shown)), {
      status: HTTP_STATUS[shown.code],
      headers: errorHeaders(shown),
    });
  });
  return routes;
}

export function createHttpDoors(deps: HttpDeps): HttpDoors {
  const { authenticator, config, handleBatch, handleOtlp, metrics, page, sessions, stream, onError } = deps;
  const callers = new Callers(authenticator, sessions);
  const times = new RequestTimes(metrics, deps.clock);
  const routes = createRoutes(deps, callers, times);
  const handleRest = getRequestListener(routes.fetch as Parameters<typeof getRequestListener>[0], {
    overrideGlobalObjects: false,
  });
  const watching = new Set<ServerResponse>();
  let closing = false;

  function fail(response: ServerResponse, error: VitalsError): void {
    response.writeHead(HTTP_STATUS[error.code], errorHeaders(error));
    response.end(JSON.stringify(errorBody(error)));
  }

  /** Answers at once and stays open: its end is how attached processes learn, without asking, that the daemon ended. */
  function handlePresence(response: ServerResponse): void {
    watching.add(response);
    response.on('close', () => watching.delete(response));
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    if (closing) response.end();
  }

  /** What is asked for often, or stays open, does without the web framework. By method and path. */
  const plainRoutes: Readonly<Record<string, PlainRoute>> = {
    'POST /v1/batches': { handle: (request, response) => void handleBatch(request, response) },
    'POST /v1/metrics': { handle: (request, response) => void handleOtlp(request, response) },
    'GET /metrics': { handle: handleMetrics },
    'HEAD /metrics': { handle: handleMetrics },
    [`GET ${API_PREFIX}/presence`]: { staysOpen: true, handle: reading((_, response) => handlePresence(response)) },
    [`GET ${API_PREFIX}/stream`]: {
      staysOpen: true,
      handle: reading((_, response, workspace) => stream.open(response, workspace)),
    },
  };

  function reading(show: Showing): PlainRoute['handle'] {
    return (request, response) => show(request, response, callers.require('read', request).workspace);
  }

  function handleMetrics(request: IncomingMessage, response: ServerResponse): void {
    const isAsked = config.prometheus.requireToken || callers.grantOf(request) !== undefined;
    const workspace = isAsked ? callers.require('read', request).workspace : undefined;
    answerMetrics(metrics, workspace, request, response).catch((error) => {
      onError(error);
      fail(response, new VitalsError('internal', 'The collector failed; its log says why'));
    });
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    checkHost(request.headers.host, request.headers.origin, config.allowedHosts);
    const path = request.url!.split('?', 1)[0]!;
    const plain = plainRoutes[`${request.method} ${path}`];
    if (plain !== undefined) {
      times.name(request, plain.staysOpen ? null : path);
      plain.handle(request, response);
    } else if (page.handle(request, response)) times.name(request, PAGE_ROUTE);
    else void handleRest(request, response);
  }

  return {
    listener(request, response) {
      times.begin(request, response);
      for (const name in SECURITY_HEADERS) response.setHeader(name, SECURITY_HEADERS[name]!);
      if (closing) response.setHeader('connection', 'close');
      try {
        answer(request, response);
      } catch (error) {
        fail(response, error as VitalsError);
      }
    },
    close() {
      closing = true;
      for (const response of watching) response.end();
      stream.close();
    },
  };
}
