import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { attach, DaemonGone } from './remote.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Something that listens where a daemon is said to be. */
async function listening(answer: RequestListener): Promise<string> {
  server = createServer((request, response) => {
    if (request.url !== '/api/v1/presence') answer(request, response);
    else response.writeHead(200).flushHeaders();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const attachTo = (url: string) => attach({ url, socket: null, pid: 1, version: '0' }, 'token', Date.now);
const caller = { client: 'c', scope: 'admin' } as const;

it('is gone where nobody listens', async () => {
  const url = await listening(() => {});
  server!.close();
  server!.closeAllConnections();
  await expect(attachTo(url)).rejects.toBeInstanceOf(DaemonGone);
});

it('passes on what the daemon says of a failure', async () => {
  const remote = await attachTo(
    await listening((_request, response) => {
      response.writeHead(503, { 'retry-after': '7' });
      response.end(JSON.stringify({ error: 'unavailable', message: 'The disk is full', hint: 'Free some.' }));
    }),
  );
  await expect(remote.sendBatch(new Uint8Array(3))).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The disk is full',
    hint: 'Free some.',
    retryAfterMs: 7_000,
  });
  await remote.close();
});

it('makes do with a failure that says nothing', async () => {
  const remote = await attachTo(await listening((_request, response) => void response.writeHead(500).end('<html>')));
  await expect(remote.callTool('get_metrics', {}, caller)).rejects.toMatchObject({
    code: 'internal',
    message: 'The daemon answered 500',
  });
  await remote.close();
});

it('is gone when it ends before or within its answer, and says so to who waits for it', async () => {
  const remote = await attachTo(
    await listening((request, response) => {
      if (request.url!.endsWith('get_metrics')) response.writeHead(200, { 'content-length': '100' }).write('{');
      setImmediate(() => server!.closeAllConnections());
    }),
  );
  await expect(remote.callTool('get_metrics', {}, caller)).rejects.toBeInstanceOf(DaemonGone);
  await expect(remote.callTool('get_active_alerts', {}, caller)).rejects.toBeInstanceOf(DaemonGone);
  await remote.gone;
  await remote.close();
});
