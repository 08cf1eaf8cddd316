/** The least that can stand for any backend: takes everything, says that all is well, and counts what it costs to send. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

export interface Sink {
  url: string;
  /** Requests and bytes on the wire, headers included, since the last time this was asked. */
  take(): { requests: number; bytes: number };
  /** Bodies since the last time this was asked, unpacked, as text: protobuf and msgpack hold texts as they are too. */
  takeBodies(): string;
  close(): void;
}

/** @param keepBodies for `takeBodies` */
export async function openSink(keepBodies = false): Promise<Sink> {
  let requests = 0;
  let bytes = 0;
  let bodies: string[] = [];
  const counted = new WeakMap<object, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => keepBodies && chunks.push(chunk));
    request.on('end', () => {
      const { socket } = request;
      requests += 1;
      bytes += socket.bytesRead - (counted.get(socket) ?? 0);
      counted.set(socket, socket.bytesRead);
      if (keepBodies) bodies.push(unpacked(request, Buffer.concat(chunks)).toString('latin1'));
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
    takeBodies() {
      const taken = bodies.join('\n');
      bodies = [];
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function unpacked({ headers }: IncomingMessage, body: Buffer): Buffer {
  switch (headers['content-encoding']) {
    case 'gzip':
      return gunzipSync(body);
    case 'br':
      return brotliDecompressSync(body);
    case 'deflate':
      return inflateSync(body);
    default:
      return body;
  }
}
