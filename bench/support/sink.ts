/** The least that can stand for any backend: takes everything, says that all is well, and counts what it costs to send. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Sink {
  url: string;
  /** Requests and bytes on the wire, headers included, since the last time this was asked. */
  take(): { requests: number; bytes: number };
  close(): void;
}

export async function openSink(): Promise<Sink> {
  let requests = 0;
  let bytes = 0;
  const counted = new WeakMap<object, number>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { socket } = request;
      requests += 1;
      bytes += socket.bytesRead - (counted.get(socket) ?? 0);
      counted.set(socket, socket.bytesRead);
      response.setHeader('content-type', 'application/json').end('{"accepted":true,"duplicate":false}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = { requests, bytes };
      [requests, bytes] = [0, 0];
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
