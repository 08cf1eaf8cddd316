/** An HTTP server, and the proxy before it, in this process; both end with the test. */
import { once } from 'node:events';
import { type Agent, createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Recorded, recordCalls } from '../../../packages/collector/src/testing/recordingMonitor.ts';
import { type HttpProxyOptions, startHttpProxy } from '../../../packages/collector/src/wrap/httpProxy.ts';

export interface Proxied {
  /** Address of the server itself, without a slash at its end. */
  direct: string;
  /** Address of the proxy before it. */
  proxy: string;
  recorded: Recorded;
  server: Server;
}

export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function startProxied(
  listener: RequestListener,
  options: Partial<HttpProxyOptions> = {},
): Promise<Proxied> {
  const server = createServer(listener);
  const direct = await listening(server);
  const recorded = recordCalls();
  const proxy = await startProxyTo(`${direct}/mcp`, recorded, options);
  return { direct, proxy, recorded, server };
}

export async function startProxyTo(
  upstream: string,
  recorded = recordCalls(),
  options: Partial<HttpProxyOptions> = {},
): Promise<string> {
  const { port, close } = await startHttpProxy({
    upstream: new URL(upstream),
    monitorOf: recorded.monitorOf,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    ...options,
  });
  onTestFinished(() => close(0));
  return `http://127.0.0.1:${port}`;
}

/** Something that happens later, as a promise. */
export function deferred<Value = void>(): { promise: Promise<Value>; resolve(value: Value): void } {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export interface RawRequest {
  method?: string;
  path?: string;
  /** Names and values in turn. */
  headers?: string[];
  body?: string | Buffer | undefined;
  agent?: Agent | undefined;
}

export interface RawResponse {
  status: number | undefined;
  statusMessage: string | undefined;
  rawHeaders: string[];
  body: Buffer;
}

/** A request as it is given here, and nothing added but what HTTP demands. */
export async function send(
  base: string,
  { method = 'GET', path = '/mcp', headers = [], body, agent }: RawRequest = {},
): Promise<RawResponse> {
  const { hostname, port, host } = new URL(base);
  const named = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  const all = named ? headers : ['Host', host, ...headers];
  const outgoing = request({ hostname, port, method, path, headers: all, agent: agent ?? false });
  outgoing.on('error', () => {}).end(body); // One that comes after the response is of no interest.
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { statusCode, statusMessage, rawHeaders } = incoming;
  return { status: statusCode, statusMessage, rawHeaders, body: Buffer.concat(chunks) };
}

/** The body of a tool's call. */
export function toolCall(name: string, id: number | string = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } });
}

export const JSON_BODY = ['Content-Type', 'application/json', 'Accept', 'application/json, text/event-stream'];
