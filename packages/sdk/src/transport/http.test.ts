import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { Diagnostics } from '../diagnostics.ts';
import type { Endpoint } from '../endpoint.ts';
import { HttpTransport } from './http.ts';
import { TokenSource } from './token.ts';

const servers: Server[] = [];
const transports: HttpTransport[] = [];
let said: string[] = [];

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
  for (const server of servers.splice(0)) server.close();
  said = [];
});

async function listen(listener: RequestListener, at: object = { port: 0, host: '127.0.0.1' }): Promise<Endpoint> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(at, resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function transportTo(endpoints: Endpoint[], token = new TokenSource('secret', '/nowhere')) {
  const diagnostics = new Diagnostics((message) => void said.push(message));
  const transport = new HttpTransport({ clock: systemClock, diagnostics, token, findEndpoints: () => endpoints });
  transports.push(transport);
  return transport;
}

const BODY = Uint8Array.of(1, 2, 3);
const ACCEPTED: RequestListener = (_request, response) => response.end('{"accepted":true,"duplicate":false}');

describe('an answer', () => {
  it.each([
    [200, '{"accepted":true,"duplicate":false}', { status: 'success' }],
    [200, '{"accepted":true,"duplicate":true}', { status: 'duplicate' }],
    [200, 'hello', { status: 'retryable' }],
    [200, '[]', { status: 'retryable' }],
    [302, '', { status: 'retryable' }],
    [400, '{"message":"bad\\u001b[31m batch"}', { status: 'failure', reason: 'status 400: bad?[31m batch' }],
    [413, '', { status: 'failure' }],
    [401, '', { status: 'retryable' }],
    [403, '', { status: 'retryable' }],
    [404, '', { status: 'retryable' }],
    [429, '', { status: 'retryable' }],
    [500, '', { status: 'retryable' }],
    [503, '', { status: 'retryable' }],
  ])('%i %s', async (status, text, expected) => {
    const endpoint = await listen((_request, response) => response.writeHead(status).end(text));
    expect(await transportTo([endpoint]).send(BODY)).toMatchObject(expected);
  });

  it('brings policies, as far as they can be obeyed', async () => {
    const policy = { server: 'files', version: 1, leaseMs: 5_000, tools: {} };
    const policies = [policy, { ...policy, server: 'other', leaseMs: 'for ever' }];
    const answer = JSON.stringify({ accepted: true, duplicate: false, policies });
    const transport = transportTo([await listen((_request, response) => response.end(answer))]);
    expect(await transport.send(BODY)).toEqual({ status: 'success', policies: [policy] });
    await transport.send(BODY);
    expect(said).toEqual([expect.stringContaining('not obeyed: leaseMs')]);
  });

  it('may say when to come back, within reason', async () => {
    const endpoint = await listen((_request, response) => response.writeHead(503, { 'retry-after': '999999' }).end());
    expect(await transportTo([endpoint]).send(BODY)).toMatchObject({ status: 'retryable', retryAfterMs: 300_000 });
  });

  it('that is too long is not read to its end', async () => {
    const endpoint = await listen((_request, response) => response.end('x'.repeat(1_000_000)));
    expect(await transportTo([endpoint]).send(BODY)).toMatchObject({
      status: 'retryable',
      reason: expect.stringContaining('too long'),
    });
  });
});

describe('a request', () => {
  it('carries type, clock and token, over one connection', async () => {
    const seen: unknown[] = [];
    const ports = new Set<number | undefined>();
    const endpoint = await listen((request, response) => {
      ports.add(request.socket.remotePort);
      const { authorization, 'content-type': type, 'x-mcp-vitals-sent-at': sentAt } = request.headers;
      seen.push([request.method, request.url, type, authorization, Number(sentAt) > 1_700_000_000_000]);
      ACCEPTED(request, response);
    });
    const transport = transportTo([endpoint]);
    await transport.send(BODY);
    await transport.send(BODY);
    expect(seen[1]).toEqual(['POST', '/v1/batches', 'application/vnd.mcp-vitals.batch+msgpack', 'Bearer secret', true]);
    expect(ports.size).toBe(1);
  });

  it('goes over a unix socket', async () => {
    const socketPath = join(mkdtempSync(join(tmpdir(), 'mcp-vitals-http-')), 'c.sock');
    await listen(ACCEPTED, { path: socketPath });
    expect(await transportTo([{ origin: 'http://localhost', socketPath }]).send(BODY)).toEqual({ status: 'success' });
  });

  it('tries the next endpoint after a failed connection', async () => {
    const endpoint = await listen(ACCEPTED);
    const transport = transportTo([{ origin: 'http://localhost', socketPath: '/nowhere/c.sock' }, endpoint]);
    expect(await transport.send(BODY)).toEqual({ status: 'retryable', reason: 'ENOENT' });
    expect(await transport.send(BODY)).toEqual({ status: 'success' });
  });

  it('reads the token file again after it was refused', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-token-'));
    mkdirSync(join(dataDir, 'tokens'));
    const path = join(dataDir, 'tokens', 'ingest');
    const endpoint = await listen((request, response) => {
      if (request.headers.authorization === 'Bearer new') ACCEPTED(request, response);
      else response.writeHead(401).end();
    });
    const transport = transportTo([endpoint], new TokenSource(undefined, dataDir));
    expect(await transport.send(BODY)).toMatchObject({ status: 'retryable' });
    writeFileSync(path, 'old\n');
    expect(await transport.send(BODY)).toMatchObject({ status: 'retryable' });
    writeFileSync(path, 'new\n');
    expect(await transport.send(BODY)).toEqual({ status: 'success' });
  });
});
