/**
 * A reverse proxy for MCP over HTTP. Methods, paths, headers and bodies pass as they are, streams included and with
 * back-pressure; only Host becomes the server's own. It reads along what passes to time the calls in it. When either side
 * gives up, so does the other.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { type Clock, systemClock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import { checkHost } from '../hostCheck.ts';
import { endsConnection, endToEndHeaders } from './endToEndHeaders.ts';
import { HttpExchange } from './httpExchange.ts';
import { createPairing } from './pairing.ts';
import { type BodyReader, readAlong } from './readAlong.ts';
import { type MonitorOf, ServersBehind } from './serversBehind.ts';
import { Sessions } from './sessions.ts';
import { type UpstreamConnection, UpstreamConnections } from './upstreamConnection.ts';

export interface HttpProxyOptions {
  /** The server. Its path is where clients find MCP; any other path is passed on as well. */
  upstream: URL;
  monitorOf: MonitorOf;
  host: string;
  /** 0 for a free one. */
  port: number;
  /** Names besides those of this machine that requests may come by. */
  allowedHosts: readonly string[];
  clock?: Pick<Clock, 'monotonicMs' | 'every' | 'after'>;
}

export interface HttpProxy {
  /** The port in use. */
  readonly port: number;
  /** Accepts nothing more, lets the calls that are open be answered for `graceMs`, then ends everything. */
  close(graceMs: number): Promise<void>;
}

const ALLOW_HINT = 'Start the proxy with --allow-host NAME if it is meant to be reached by that name.';
const IDLE_CHECK_MS = 20;

/** @throws VitalsError `conflict` when the port is taken, `unavailable` when the address cannot be used */
export async function startHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const { clock = systemClock, host, port } = options;
  const servers = new ServersBehind(options.monitorOf);
  const sessions = new Sessions(() => createPairing(servers, { clock }), clock);
  const connections = new UpstreamConnections(options.upstream);
  const calls = { open: 0 };
  // Time limits are the server's own: a call may take as long as it takes, and idle connections end when it ends them.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    const refusal = refusalOf(request, options.allowedHosts);
    if (refusal !== undefined) return refuse(response, refusal.status, refusal.message);
    const exchange = new HttpExchange(request, sessions);
    if (request.method === 'POST') {
      calls.open += 1;
      response.once('close', () => {
        calls.open -= 1;
      });
    }
    forward(request, response, connections.of(request.socket as Socket), exchange, options.upstream);
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      await closeServer(server, () => calls.open, clock, graceMs);
      sessions.close();
    },
  };
}

interface Refusal {
  status: number;
  message: string;
}

/** The server behind sees its own name as Host, so what it would refuse by that has to be refused here. */
function refusalOf(request: IncomingMessage, allowedHosts: readonly string[]): Refusal | undefined {
  // A target with a host of its own asks for a proxy to anywhere, which this is not.
  if (request.url?.startsWith('/') !== true && request.url !== '*') {
    return { status: 400, message: 'The target of a request is a path' };
  }
  try {
    checkHost(request.headers.host, request.headers.origin, allowedHosts, ALLOW_HINT);
    return undefined;
  } catch (error) {
    const { message, hint } = error as VitalsError;
    return { status: 403, message: `${message}. ${hint}` };
  }
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  connection: UpstreamConnection,
  exchange: HttpExchange,
  upstream: URL,
): void {
  const outgoing = connection.request({
    method: request.method,
    path: request.url,
    headers: requestHeaders(request, upstream.host),
  });
  let isUpstreamLost = false;
  response.once('close', () => {
    if (!response.writableFinished) outgoing.destroy();
    exchange.ended(response.writableFinished ? 'complete' : isUpstreamLost ? 'cut' : 'abandoned');
    connection.leave();
  });
  outgoing.once('response', (incoming) => {
    const status = incoming.statusCode ?? 502;
    const reader = exchange.responded(status, incoming.headers);
    // Before the pipeline sees it: that destroys the response, and by then it must be known who gave up.
    incoming.once('error', () => {
      isUpstreamLost = true;
    });
    writeHead(response, incoming, status);
    const done = () => {};
    if (reader === undefined) pipeline(incoming, response, done);
    else pipeline(incoming, readAlong(reader, incoming.headers['content-encoding']), response, done);
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    isUpstreamLost = true;
    if (response.headersSent) {
      // What is on its way is the response, which may be whole although the rest of the request was not wanted.
      return;
    }
    if (response.destroyed) return;
    const code = error.code ?? 'unknown';
    exchange.unreachable(code);
    request.resume();
    refuse(response, 502, `The server behind this proxy cannot be reached (${code})`, exchange.onlyId ?? null);
  });
  const body = readBody(request, exchange.readRequest());
  body.pipe(outgoing);
}

function readBody(request: IncomingMessage, reader: BodyReader | undefined): NodeJS.ReadableStream {
  return reader === undefined ? request : request.pipe(readAlong(reader, request.headers['content-encoding']));
}

function requestHeaders(request: IncomingMessage, host: string): string[] {
  // The proxy has answered `Expect: 100-continue` itself by the time it reads the body.
  const headers = endToEndHeaders(request.rawHeaders, ['host', 'expect']);
  // A body without a length; node would announce none for methods that rarely have one.
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  return ['Host', host, ...headers];
}

function writeHead(response: ServerResponse, incoming: IncomingMessage, status: number): void {
  response.sendDate = false;
  const headers = endToEndHeaders(incoming.rawHeaders);
  if (endsConnection(incoming.rawHeaders)) headers.push('Connection', 'close');
  response.writeHead(status, incoming.statusMessage, headers);
  response.flushHeaders();
}

/** Answers in the proxy's own name, in a form that an MCP client can show. */
function refuse(response: ServerResponse, status: number, message: string, id: string | number | null = null): void {
  const body = JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_000, message: `mcp-vitals: ${message}` } });
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(body);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const hint = 'Choose another with --listen, or 0 for a free one.';
      throw new VitalsError('conflict', `Port ${port} on ${host} is in use by another program`, { cause: error, hint });
    }
    throw new VitalsError('unavailable', `Cannot listen on ${host}:${port}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Streams that only wait for something to happen do not hold up the end. */
function closeServer(
  server: Server,
  callsUnderWay: () => number,
  clock: Pick<Clock, 'after' | 'every'>,
  graceMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const cutOffWhenDone = () => {
      server.closeIdleConnections();
      if (callsUnderWay() === 0) server.closeAllConnections();
    };
    const stopChecking = clock.every(IDLE_CHECK_MS, cutOffWhenDone);
    const cancelCutOff = clock.after(graceMs, () => server.closeAllConnections());
    server.close(() => {
      stopChecking();
      cancelCutOff();
      resolve();
    });
  });
}
