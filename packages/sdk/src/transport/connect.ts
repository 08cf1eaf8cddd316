/**
 * One kept-alive HTTP connection that never keeps the process alive: undici, on
 * sockets that stay unref'd whatever undici does with them.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector, Dispatcher } from 'undici';
import type { Endpoint } from '../endpoint.ts';

const CONNECT_TIMEOUT_MS = 3_000;
/** Longer than a batch interval, shorter than the keep-alive of common servers and proxies. */
const KEEP_ALIVE_MS = 30_000;

export interface Connection {
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  /** Ends the connection and what is under way on it. */
  destroy(): Promise<void>;
}

/** A connection to `endpoint`; nothing is connected before the first request. */
export async function openConnection(endpoint: Endpoint, timeoutMs: number): Promise<Connection> {
  // All of undici takes 70 ms to load, its client 20, and loading blocks the server that we must not disturb.
  const [{ default: Client }, { default: request }] = await Promise.all([
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/api/api-request.js'),
  ]);
  const client = new Client(endpoint.origin, {
    connect: unrefConnector(endpoint),
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return { request: (options) => request.call(client, options), destroy: () => client.destroy() };
}

function unrefConnector(endpoint: Endpoint): buildConnector.connector {
  return ({ protocol, hostname, port }, callback) => {
    const address = endpoint.socketPath
      ? { path: endpoint.socketPath }
      : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
    const secure = protocol === 'https:';
    const servername = isIP(hostname) ? undefined : hostname;
    const socket: Socket = secure
      ? connectTls({ ...address, servername, ALPNProtocols: ['http/1.1'] })
      : connectTcp(address);
    keepUnrefd(socket);
    socket.setNoDelay(true);
    const finish = once((error: Error | null) => {
      socket.setTimeout(0);
      if (error === null) return callback(null, socket);
      socket.destroy();
      callback(error, null);
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => finish(null));
    socket.once('error', finish);
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => finish(new Error('connect timed out')));
  };
}

/** undici refs a socket while a request is under way; ours must not hold up the server's exit even then. */
function keepUnrefd(socket: Socket): void {
  socket.unref();
  socket.ref = () => socket;
}

function once<Argument>(run: (argument: Argument) => void): (argument: Argument) => void {
  let done = false;
  return (argument) => {
    if (done) return;
    done = true;
    run(argument);
  };
}
