/**
 * The listener for scrapes. It never keeps the process alive: neither it nor its connections count for the event loop, and
 * who asks slowly is cut off.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { MetricsAddress } from '../metricsOptions.ts';
import { isAllowedHost } from './allowedHost.ts';

export interface MetricsListenerDeps {
  clock: Pick<Clock, 'after'>;
  diagnostics: Pick<Diagnostics, 'warnOnce'>;
  /** @param accept the header of the request */
  render(accept: string | undefined): Promise<{ contentType: string; body: string }>;
  /** Is told where it listens, each time that it begins. */
  onListening(url: string): void;
}

/** While another process has the port, e.g. the same server started twice, it is asked for again this often. */
const PORT_RETRY_MS = 30_000;

const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 20;
/** Below it, the head of a compressed body and the time are worth more. */
const MIN_GZIP_LENGTH = 1_000;

const compress = promisify(gzip);

export class MetricsListener {
  readonly #address: MetricsAddress;
  readonly #deps: MetricsListenerDeps;
  readonly #allowedHosts: readonly string[];
  #server: Server | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(address: MetricsAddress, deps: MetricsListenerDeps) {
    this.#address = address;
    this.#deps = deps;
    this.#allowedHosts = [bracketed(address.host).toLowerCase(), ...address.allowedHosts];
  }

  /** Begins to listen, or says why it cannot; resolves when one of them is done. */
  async listen(): Promise<void> {
    const { host, port, path } = this.#address;
    const timeouts = { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS };
    const server = createServer(timeouts, (request, response) => void this.#answer(request, response));
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (socket) => socket.unref());
    this.#server = server;
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(port, host, () => resolve(undefined));
      server.unref();
    });
    if (failure === undefined) {
      server.on('error', (error) => this.#report(error));
      const { port: bound } = server.address() as AddressInfo;
      this.#deps.onListening(`http://${bracketed(host)}:${bound}${path}`);
    } else this.#report(failure);
  }

  close(): void {
    this.#cancelRetry?.();
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  #report(error: NodeJS.ErrnoException): void {
    const { host, port } = this.#address;
    const where = `${bracketed(host)}:${port}`;
    this.#deps.diagnostics.warnOnce(
      'prometheus',
      `metrics cannot be served on ${where}: ${error.code ?? error.message}`,
    );
    if (error.code !== 'EADDRINUSE') return;
    this.#cancelRetry = this.#deps.clock.after(PORT_RETRY_MS, () => void this.listen());
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, origin } = request.headers;
    if (!isAllowedHost(host, origin, this.#allowedHosts)) return refuse(response, 403, 'This Host is not served here');
    if (request.url?.split('?')[0] !== this.#address.path) return refuse(response, 404, `See ${this.#address.path}`);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, 405, 'GET and HEAD only');
    }
    try {
      await this.#show(request, response);
    } catch (error) {
      this.#deps.diagnostics.warnOnce('prometheus scrape', `metrics cannot be shown: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'The metrics cannot be shown');
    }
  }

  async #show(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { contentType, body } = await this.#deps.render(request.headers.accept);
    const isCompressed = body.length >= MIN_GZIP_LENGTH && acceptsGzip(request.headers['accept-encoding']);
    const bytes = isCompressed ? await compress(body) : Buffer.from(body);
    response.writeHead(200, {
      'content-type': contentType,
      'content-length': bytes.length,
      'cache-control': 'no-store',
      vary: 'accept, accept-encoding',
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    });
    response.end(bytes);
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

/** What is refused by `q=0` is rare enough, and harmless: such a client asks for nothing. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  return /(^|[\s,])gzip($|[\s,])|gzip\s*;\s*q=(1|0\.\d*[1-9])/.test(String(header ?? ''));
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
