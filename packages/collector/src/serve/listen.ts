/**
 * Listening: on TCP and, where asked for, on a unix socket. Time limits keep a slow sender from holding a connection
 * for ever; a graceful end lets the requests that are being answered finish.
 */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';

/** From the first byte of a request to the end of its headers, and to the end of its body. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** SDKs send every second or every minute: longer than the latter, so that they keep their connection. */
const KEEP_ALIVE_MS = 75_000;
const TIMEOUT_CHECK_MS = 5_000;

/** How often connections that became idle are closed at the end. */
const IDLE_CHECK_MS = 20;

/** What fits an address on every system that has sockets. Node cuts a longer one off without a word. */
const MAX_SOCKET_PATH_BYTES = 103;

type Timers = Pick<Clock, 'after' | 'every'>;

export interface Listening {
  /** The port in use; undefined on a socket. */
  port: number | undefined;
  /** Accepts nothing more and ends when the requests under way are answered, or cuts them off after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

function closeServer(server: Server, clock: Timers, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection whose answer is finished becomes idle only then, and would be kept open for its next request.
    const stopClosingIdle = clock.every(IDLE_CHECK_MS, () => server.closeIdleConnections());
    const cancelCutOff = clock.after(graceMs, () => server.closeAllConnections());
    server.close(() => {
      stopClosingIdle();
      cancelCutOff();
      resolve();
    });
  });
}

async function listen(
  listener: RequestListener,
  clock: Timers,
  address: { port: number; host: string } | { path: string },
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      noDelay: true,
    },
    listener,
  );
  server.listen({ ...address, exclusive: true });
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' ? (bound as AddressInfo).port : undefined,
    close: (graceMs) => closeServer(server, clock, graceMs),
  };
}

/**
 * @throws VitalsError `conflict` when the port is taken, `unavailable` when the address cannot be used
 */
export async function listenTcp(
  listener: RequestListener,
  clock: Timers,
  host: string,
  port: number,
): Promise<Listening> {
  try {
    return await listen(listener, clock, { host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new VitalsError('conflict', `Port ${port} on ${host} is in use by another program`, {
        cause: error,
        hint: 'Choose another with --port, or 0 for a free one.',
      });
    }
    throw new VitalsError('unavailable', `Cannot listen on ${host}:${port}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Only the owner of the data directory calls this, so a socket file that is there already is left over from a kill.
 * @throws VitalsError `unavailable`, e.g. where the path is longer than the system allows
 */
export async function listenSocket(listener: RequestListener, clock: Timers, path: string): Promise<Listening> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new VitalsError('unavailable', `${path} is too long for a unix socket`, {
      hint: `A socket's path may have ${MAX_SOCKET_PATH_BYTES} bytes.`,
    });
  }
  rmSync(path, { force: true });
  try {
    return await listen(listener, clock, { path });
  } catch (error) {
    throw new VitalsError('unavailable', `Cannot listen on ${path}: ${(error as Error).message}`, { cause: error });
  }
}
