/**
 * One connection to the server behind the proxy for each connection of a client. When either side closes an idle one the
 * other is closed too: a client that reuses a connection meets exactly the races that it would meet without a proxy, so
 * nothing has to be sent again.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';

export class UpstreamConnection {
  readonly #client: Socket;
  readonly #upstream: URL;
  readonly #agent: HttpAgent;
  #exchanges = 0;
  #hasEnded = false;

  constructor(client: Socket, upstream: URL) {
    this.#client = client;
    this.#upstream = upstream;
    // One socket: requests that a client sends without waiting for answers keep their order.
    this.#agent = new (upstream.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
    client.once('close', () => this.#agent.destroy());
  }

  /** Sends a request. The exchange it belongs to is over when `leave` is called. */
  request(options: Pick<RequestOptions, 'method' | 'path' | 'headers'>): ClientRequest {
    const { protocol, hostname, port } = this.#upstream;
    const send = protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send({
      ...options,
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      agent: this.#agent,
    });
    request.once('socket', (socket) => {
      if (request.reusedSocket) return;
      this.#hasEnded = false;
      socket.once('close', () => this.#ended());
    });
    this.#exchanges += 1;
    return request;
  }

  leave(): void {
    this.#exchanges -= 1;
    if (this.#hasEnded) this.#ended();
  }

  #ended(): void {
    this.#hasEnded = true;
    if (this.#exchanges === 0) this.#client.end();
  }
}

/** The connection that belongs to a client's. */
export class UpstreamConnections {
  readonly #byClient = new WeakMap<Socket, UpstreamConnection>();

  constructor(readonly upstream: URL) {}

  of(client: Socket): UpstreamConnection {
    let connection = this.#byClient.get(client);
    if (connection === undefined) {
      connection = new UpstreamConnection(client, this.upstream);
      this.#byClient.set(client, connection);
    }
    return connection;
  }
}
