/** What tests of forwarding need: a store with a clock moved by hand, a forwarder on it, and receivers that do as they are told. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { uncompress } from 'snappyjs';
import { WHOLE_SHARE } from '../model/workShare.ts';
import type { MetricsRequest } from '../protobuf/otlpMessages.ts';
import { metricsRequest } from '../protobuf/otlpMetrics.ts';
import { decodeWriteRequest, type WriteRequest } from '../protobuf/remoteWrite.ts';
import type { FilledStore } from '../testing/filledStore.ts';
import { createForwarding, type Forwarder, type ForwardingOptions } from './service.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

export interface Receiver {
  url: string;
  /** Requests that were answered with success. */
  taken: Received[];
  /** Requests that came, whatever they were answered. */
  asked: number;
  /** What the next requests are answered; the default takes everything. */
  reply: (request: Received) => Reply;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', taken: [], asked: 0, reply: () => ({ status: 200 }), stop };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = { headers: request.headers, body: Buffer.concat(chunks) };
    receiver.asked++;
    const { status, headers = {}, body = new Uint8Array() } = receiver.reply(received);
    if (status === 200) receiver.taken.push(received);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return receiver;
}

export function otlpOf({ headers, body }: Received): MetricsRequest {
  return metricsRequest.decode(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body, 'protobuf');
}

export function writeRequestOf({ body }: Received): WriteRequest {
  return decodeWriteRequest(uncompress(body));
}

export function openForwarding(
  { store, config, clock }: FilledStore,
  options: Partial<ForwardingOptions> = {},
): Forwarder {
  return createForwarding({
    store,
    everywhere: store,
    share: WHOLE_SHARE,
    clock,
    config,
    logger: { warn: () => {} },
    graceMs: config.ingest.minuteGraceSeconds * 1000,
    version: '1.0.0',
    storedName: (name) => name,
    resolveSecret: (text) => text,
    redact: (text) => text,
    ...options,
  });
}

/** What the job of the collector does every few seconds. */
export async function forwardNow(
  { store, clock }: Pick<FilledStore, 'store' | 'clock'>,
  forwarding: Forwarder,
): Promise<void> {
  await store.closeMinutes(clock.nowMs());
  await forwarding.tick(clock.nowMs());
}
