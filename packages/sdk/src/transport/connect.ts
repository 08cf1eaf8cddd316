/**
 * One kept-alive HTTP connection that never keeps the process alive: Node's own client, on sockets that stay unref'd
 * whatever it does with them. See docs/decisions/0011-http-client.md for why it is not undici.
 */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Endpoint } from '../endpoint.ts';

/** Longer than a batch interval, shorter than the keep-alive of common servers and proxies. */
const KEEP_ALIVE_MS = 30_000;

export interface PostOptions {
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** The connection included. */
  timeoutMs: number;
}

export interface Connection {
  /**
   * Resolves with the response once its head is there. Rejects with what Node says of a connection that failed (`code`),
   * or with an `AbortError` after the time limit, which also cuts a body that is still being read.
   */
  post(options: PostOptions): Promise<IncomingMessage>;
  /** Ends the connection and what is under way on it. */
  destroy(): void;
}

/** A connection to `endpoint`; nothing is connected before the first request. */
export async function openConnection(endpoint: Endpoint): Promise<Connection> {
  const { origin, socketPath } = endpoint;
  const { protocol, hostname, port } = new URL(origin);
  // TLS is loaded for those who use it.
  const { Agent, request } =
    protocol === 'https:' ? await import('node:https') : { Agent: HttpAgent, request: requestHttp };
  const options: AgentOptions = { keepAlive: true, maxSockets: 1, timeout: KEEP_ALIVE_MS };
  const agent = unrefd(new Agent(options));
  const target = socketPath ? { socketPath } : { hostname: hostname.replace(/^\[|\]$/g, ''), port };
  return {
    post({ path, headers, body, timeoutMs }) {
      const signal = AbortSignal.timeout(timeoutMs);
      const posted = request({ ...target, path, method: 'POST', headers, agent, signal });
      return responseTo(posted, body);
    },
    destroy: () => agent.destroy(),
  };
}

function responseTo(request: ClientRequest, body: Uint8Array): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Stays for good: a connection may fail again after the response, and nobody else listens.
    request.on('error', reject).once('response', resolve).end(body);
  });
}

/** An agent refs a socket while a request is under way; ours must not hold up the server's exit even then. */
function unrefd<A extends HttpAgent>(agent: A): A {
  const connecting = agent as unknown as { createConnection(...args: unknown[]): Socket };
  const { createConnection } = connecting;
  connecting.createConnection = (...args) => {
    const socket = createConnection.apply(agent, args);
    socket.unref();
    socket.ref = () => socket;
    return socket;
  };
  return agent;
}
