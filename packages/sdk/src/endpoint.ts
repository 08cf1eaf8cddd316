/**
 * Where batches go. A configured endpoint is used as it is; without one the collector of the same data directory is
 * looked for: at its unix socket, at the address it left in the directory, at the default port. The answer is asked for
 * again after every failed connection, so a collector that restarts elsewhere is found.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DEFAULT_HTTP_ENDPOINT = 'http://127.0.0.1:6848';

/** One place to connect to. `origin` is also the `Host` that is announced. */
export interface Endpoint {
  origin: string;
  /** Absent for TCP. */
  socketPath?: string;
}

const DEFAULT_TCP: Endpoint = { origin: DEFAULT_HTTP_ENDPOINT };

/** Longest path that fits a unix socket address on every platform that has them. */
const MAX_SOCKET_PATH_BYTES = 103;

/** The endpoint that `text` names, or undefined when it names none. */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (text.startsWith('unix:')) {
    const socketPath = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
    return socketPath === '' ? undefined : { origin: 'http://localhost', socketPath };
  }
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  return { origin: url.origin };
}

/**
 * The places to try, best first.
 * @param configured validated text of the `endpoint` setting, if set
 */
export function findEndpoints(configured: string | undefined, dataDir: string): Endpoint[] {
  const chosen = configured === undefined ? undefined : parseEndpoint(configured);
  if (chosen) return [chosen];
  const left = leftAddress(dataDir);
  const tcp: Endpoint[] = left && left.origin !== DEFAULT_HTTP_ENDPOINT ? [left, DEFAULT_TCP] : [DEFAULT_TCP];
  const socketPath = join(dataDir, 'collector.sock');
  const usable = process.platform !== 'win32' && Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH_BYTES;
  return usable && existsSync(socketPath) ? [{ origin: 'http://localhost', socketPath }, ...tcp] : tcp;
}

/**
 * Where the collector says it listens, in the file `daemon.json`: it matters where there is no unix socket and the port
 * is not the default one. Only addresses of this machine are believed.
 */
function leftAddress(dataDir: string): Endpoint | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, 'daemon.json'), 'utf8')) as { url?: unknown };
    // One that listens on every address is reached at the loopback one.
    const text = String(url).replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
    const endpoint = parseEndpoint(text);
    return endpoint && endpoint.socketPath === undefined && isLocal(endpoint) ? endpoint : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the endpoint is on this machine, so that its collector shares the data directory. */
export function isLocal(endpoint: Endpoint): boolean {
  if (endpoint.socketPath !== undefined) return true;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint.origin).hostname);
}

/** For people: `unix:/path` or `http://host:port`. */
export function describeEndpoint(endpoint: Endpoint): string {
  return endpoint.socketPath === undefined ? endpoint.origin : `unix:${endpoint.socketPath}`;
}
