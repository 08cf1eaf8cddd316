/** The collector in this process, as its doors show it. What needs a process of its own is in tests/e2e. */

import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, encodeBatch } from '@mcp-vitals/wire/encode';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, startApp } from './app.ts';
import { systemClock } from './clock.ts';
import { loadConfig } from './config/load.ts';
import { readDiscovery } from './daemon/discovery.ts';
import { tryOwn } from './daemon/ownership.ts';
import { VitalsError } from './errors.ts';
import { createLogger } from './logger.ts';
import { tryExclusiveLock } from './store/sqlite/db/lock.ts';

let dataDir: string;
let apps: App[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mv-app-'));
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(
  set: string[] = [],
  whenPortIsTaken: 'refuse' | 'take_another' = 'refuse',
  port = '0',
): Promise<App> {
  const { config } = loadConfig({ dataDir, port, set }, {});
  const ownership = tryOwn(dataDir, tryExclusiveLock);
  if (!ownership) throw new Error('the directory has an owner');
  const app = await startApp(config, {
    clock: systemClock,
    logger: createLogger('silent'),
    ownership,
    whenPortIsTaken,
  });
  apps.push(app);
  return app;
}

const token = (scope: string) => readFileSync(join(dataDir, 'tokens', scope), 'utf8').trim();

function batchOf(seq: number, server = 'demo'): Uint8Array {
  const endMs = Date.now();
  return encodeBatch({
    v: 1,
    instance: 'in-process',
    seq,
    process: { host: 'h', pid: 1, runtime: 'node', sdk: 'test' },
    servers: [{ name: server, version: '1' }],
    windows: [
      {
        server: 0,
        kind: 'tool',
        name: 'work',
        startMs: endMs - 1_000,
        endMs,
        outcomes: [2, 0, 0, 0, 0, 0, 0],
        digest: Digest.ofSorted(Float64Array.of(1, 2)),
      },
    ],
    resources: [],
    inFlight: [],
    dropped: {},
  });
}

interface CallOptions {
  scope?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

async function ask(app: App, path: string, { scope, method = 'GET', headers = {}, body }: CallOptions = {}) {
  const response = await fetch(app.url + path, {
    method,
    headers: { ...(scope ? { authorization: `Bearer ${token(scope)}` } : {}), ...headers },
    ...(body === undefined ? {} : { body: body as string }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: () => JSON.parse(text) as Record<string, never> };
}

const callTool = (app: App, name: string, args: object, scope = 'admin') =>
  ask(app, `/api/v1/tools/${name}`, {
    scope,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });

const post = (app: App, body: Uint8Array, headers: Record<string, string> = {}) =>
  ask(app, '/v1/batches', {
    scope: 'ingest',
    method: 'POST',
    headers: { 'content-type': BATCH_CONTENT_TYPE, ...headers },
    body,
  });

describe('the HTTP doors', () => {
  it('take a batch, answer a tool, and say how they are', async () => {
    const app = await start();
    expect((await post(app, batchOf(1))).json()).toEqual({ accepted: true, duplicate: false });
    expect((await post(app, batchOf(1))).json()).toEqual({ accepted: true, duplicate: true });
    const dashboard = (await callTool(app, 'get_performance_dashboard', {}, 'read')).json();
    expect(dashboard).toMatchObject({ structuredContent: { mcpServers: [{ name: 'demo' }] } });
    const health = await ask(app, '/healthz', { scope: 'read' });
    expect((await ask(app, '/api/v1/servers', { scope: 'read' })).json()).toMatchObject({
      servers: [{ name: 'demo', liveInstances: 1, dropped: {} }],
    });
    expect(health.json()).toMatchObject({ ok: true, pid: process.pid, store: { seriesCount: expect.any(Number) } });
  });

  it('answer failures as JSON with their status, and send no page anything to run', async () => {
    const app = await start();
    const cases: [Promise<{ status: number; headers: Headers; json(): object }>, number, string][] = [
      [ask(app, '/nothing'), 404, 'not_found'],
      [ask(app, '/mcp', { method: 'POST', body: '{}' }), 401, 'unauthorized'],
      [ask(app, '/mcp', { scope: 'ingest', method: 'POST', body: '{}' }), 403, 'forbidden'],
      [ask(app, '/api/v1/presence'), 401, 'unauthorized'],
      [ask(app, '/api/v1/servers'), 401, 'unauthorized'],
      [callTool(app, 'no_such_tool', {}), 404, 'not_found'],
      [
        ask(app, '/api/v1/tools/get_metrics', {
          scope: 'admin',
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'text/plain' },
        }),
        400,
        'invalid',
      ],
      [
        ask(app, '/api/v1/tools/get_metrics', {
          scope: 'admin',
          method: 'POST',
          body: '{',
          headers: { 'content-type': 'application/json' },
        }),
        400,
        'invalid',
      ],
      [
        ask(app, '/api/v1/tools/get_metrics', {
          scope: 'admin',
          method: 'POST',
          body: 'x'.repeat(1_100_000),
          headers: { 'content-type': 'application/json' },
        }),
        413,
        'too_large',
      ],
    ];
    for (const [answer, status, error] of cases) {
      const { status: given, headers, json } = await answer;
      expect([given, json()]).toEqual([status, expect.objectContaining({ error })]);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect((await ask(app, '/mcp')).headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('take a body in chunks, which does not tell its length', async () => {
    const app = await start();
    const chunks = (texts: string[]) =>
      new ReadableStream({
        pull(controller) {
          const text = texts.shift();
          if (text === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(text));
        },
      });
    const post = (body: ReadableStream) =>
      fetch(`${app.url}/api/v1/tools/get_active_alerts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token('admin')}`, 'content-type': 'application/json' },
        body,
        duplex: 'half',
      } as RequestInit);
    expect((await post(chunks(['{"severity"', ': "critical"}']))).status).toBe(200);
    expect((await post(chunks(Array.from({ length: 12 }, () => 'x'.repeat(100_000))))).status).toBe(413);
  });

  it('refuse what is larger, of another type, or cut off, and stay open', async () => {
    const app = await start(['ingest.maxBatchKb=1']);
    expect((await post(app, new Uint8Array(2_000))).json()).toMatchObject({ reason: 'too_large' });
    expect((await post(app, batchOf(1), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(app, batchOf(1), { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post(app, new Uint8Array(10))).status).toBe(400);
    expect((await post(app, batchOf(1))).status).toBe(200);
  });

  it('count each client’s queries', async () => {
    const app = await start(['limits.queriesPerMinute=2']);
    const headers = (name: string) => ({ 'content-type': 'application/json', 'x-mcp-vitals-client': name });
    const query = (name: string) =>
      ask(app, '/api/v1/tools/get_active_alerts', {
        scope: 'read',
        method: 'POST',
        headers: headers(name),
        body: '{}',
      });
    for (let i = 0; i < 2; i++) expect((await query('a')).json()).not.toHaveProperty('isError');
    expect((await query('a')).json()).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/2 queries in a minute/) }],
    });
    expect((await query('b')).json()).not.toHaveProperty('isError');
  });

  it('speak MCP at /mcp', async () => {
    const app = await start();
    const answer = await fetch(`${app.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token('read')}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'get_active_alerts', arguments: {} },
      }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"totalActive":0');
  });

  it.skipIf(process.platform === 'win32')('are the same on the unix socket', async () => {
    await start();
    const { socket } = readDiscovery(dataDir)!;
    const dispatcher = new Agent({ connect: { socketPath: socket! } });
    const { statusCode, body } = await request('http://localhost/healthz', { dispatcher });
    expect([statusCode, await body.json()]).toEqual([200, { ok: true, version: expect.any(String) }]);
    await dispatcher.close();
  });
});

describe('starting and stopping', () => {
  let foreign: Server | undefined;
  afterEach(() => foreign?.close());

  async function takePort(): Promise<string> {
    foreign = createServer().listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    return String((foreign.address() as { port: number }).port);
  }

  it('leaves nothing but the data behind, and everything is there again', async () => {
    const first = await start();
    await post(first, batchOf(1));
    expect(readDiscovery(dataDir)).toMatchObject({ url: first.url, pid: process.pid });
    await first.stop();
    expect(readDiscovery(dataDir)).toBeUndefined();
    expect(existsSync(join(dataDir, 'collector.sock'))).toBe(false);
    const second = await start();
    expect((await post(second, batchOf(1))).json()).toMatchObject({ duplicate: true });
  });

  it('refuses a taken port by name and gives the directory up again', async () => {
    const port = await takePort();
    await expect(start([], 'refuse', port)).rejects.toThrow(
      expect.objectContaining({ code: 'conflict', message: expect.stringContaining(port) }),
    );
    expect((await start()).url).not.toContain(port);
  });

  it('takes a free port instead where it may', async () => {
    const port = await takePort();
    const app = await start([], 'take_another', port);
    expect(app.url).not.toContain(`:${port}`);
    expect(readDiscovery(dataDir)!.url).toBe(app.url);
    expect((await ask(app, '/healthz')).status).toBe(200);
  });

  it('refuses an address that is not its own', async () => {
    const { config } = loadConfig({ dataDir, port: '0', host: '203.0.113.1' }, {});
    const started = startApp(config, {
      clock: systemClock,
      logger: createLogger('silent'),
      ownership: tryOwn(dataDir, tryExclusiveLock)!,
      whenPortIsTaken: 'refuse',
    });
    await expect(started).rejects.toBeInstanceOf(VitalsError);
  });

  it('does without a socket where the path is too long for one', async () => {
    const long = join(dataDir, 'x'.repeat(120));
    mkdirSync(long);
    const { config } = loadConfig({ dataDir: long, port: '0' }, {});
    const app = await startApp(config, {
      clock: systemClock,
      logger: createLogger('silent'),
      ownership: tryOwn(long, tryExclusiveLock)!,
      whenPortIsTaken: 'refuse',
    });
    expect(readDiscovery(long)).toMatchObject({ url: app.url, socket: null });
    await app.stop();
  });

  it('ignores a discovery file that is damaged', () => {
    for (const text of ['', '{', '{"url": 3}', 'null']) {
      writeFileSync(join(dataDir, 'daemon.json'), text);
      expect(readDiscovery(dataDir)).toBeUndefined();
    }
    appendFileSync(join(dataDir, 'daemon.json'), 'x');
    expect(readDiscovery(dataDir)).toBeUndefined();
  });
});
