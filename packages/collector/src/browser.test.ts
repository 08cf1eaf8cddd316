/** What a browser meets: a link, a session, the page, the stream, and what it must not be made to do by others. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dashboardCommand } from './cli/dashboard.ts';
import { systemClock } from './clock.ts';
import { incomingBatch } from './store/storeFixtures.ts';
import { startTestCollector, type TestCollector } from './testing/testCollector.ts';

let collector: TestCollector;
beforeEach(async () => {
  collector = await startTestCollector();
});
afterEach(() => collector.stop());

const begin = (body: unknown) => collector.ask('/api/v1/session', { method: 'POST', body });
const codeOf = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('code')!;

async function cookieOf(given: unknown): Promise<string> {
  const { status, headers } = await begin(given);
  expect(status).toBe(200);
  expect(headers['set-cookie']).toEqual([
    expect.stringMatching(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/),
  ]);
  return headers['set-cookie']![0]!.split(';', 1)[0]!;
}

/** As the page of the collector itself sends it. */
const fromPage = (cookie: string) => ({ cookie, origin: collector.app.url });
const silence = { server: 'files', minutes: 5, by: 'ann' };

describe('a session', () => {
  it('is begun by the link that the collector prints, once', async () => {
    const code = codeOf(collector.app.pageLink());
    const cookie = await cookieOf({ code });
    expect((await collector.ask('/api/v1/session', { headers: { cookie } })).json()).toEqual({
      scope: 'admin',
      workspace: null,
    });
    expect((await collector.ask('/api/v1/overview', { headers: { cookie } })).status).toBe(200);
    expect((await begin({ code })).status).toBe(401);
  });

  it('is begun by a token that shows something', async () => {
    for (const scope of ['read', 'admin'] as const) {
      const cookie = await cookieOf({ token: collector.token(scope) });
      expect((await collector.ask('/api/v1/session', { headers: { cookie } })).json()).toEqual({
        scope,
        workspace: null,
      });
    }
    const { status, headers } = await begin({ token: collector.token('ingest') });
    expect([status, headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('is refused without a word about what was wrong', async () => {
    const tokens = [collector.token('read').slice(0, -1), `${collector.token('read')}x`, 'x', 'Ü', ' ', ''];
    const codes = ['x', '', codeOf(collector.app.pageLink()).slice(0, -1)];
    for (const given of [tokens.map((token) => ({ token })), codes.map((code) => ({ code }))]) {
      const answers = await Promise.all(given.map(begin));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      for (const { status, headers, text } of answers) {
        expect([status, headers['set-cookie'], headers['cache-control']]).toEqual([401, undefined, 'no-store']);
        for (const scope of ['ingest', 'read', 'admin'] as const) {
          expect(text).not.toContain(collector.token(scope));
          expect(JSON.stringify(headers)).not.toContain(collector.token(scope));
        }
        expect(text).not.toMatch(/node_modules|\.ts/);
      }
    }
    const wrong: unknown[] = [{}, [], 'x', null, { code: 1 }, { code: 'a', token: 'b' }, { token: 'x'.repeat(301) }];
    for (const body of wrong) expect([body, (await begin(body)).status]).toEqual([body, 400]);
  });

  it('that may look changes nothing', async () => {
    const { code } = (
      await collector.ask('/api/v1/session/codes', { scope: 'admin', method: 'POST', body: { scope: 'read' } })
    ).json();
    const headers = fromPage(await cookieOf({ code }));
    expect((await collector.ask('/api/v1/silences', { headers })).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/api/v1/silences', silence],
      ['PUT', '/api/v1/objectives/x', { server: 'files', objectivePercent: 99 }],
      ['DELETE', '/api/v1/objectives/x', undefined],
      ['POST', '/api/v1/session/codes', {}],
    ] as const)
      expect((await collector.ask(path, { method, body, headers })).status).toBe(403);
    const acknowledged = await collector.ask('/api/v1/tools/acknowledge_alert', {
      method: 'POST',
      headers,
      body: { alertId: 'x', acknowledgedBy: 'y' },
    });
    expect(acknowledged.json()).toMatchObject(acknowledged.status === 200 ? { isError: true } : { error: 'forbidden' });
  });

  it('cannot send batches', async () => {
    const { body } = incomingBatch({ seq: 1, receivedAtMs: Date.now() });
    const headers = {
      ...fromPage(await cookieOf({ token: collector.token('admin') })),
      'content-type': 'application/vnd.mcp-vitals.batch+msgpack',
    };
    const answer = await collector.ask('/v1/batches', { method: 'POST', headers, body: Buffer.from(body).toString() });
    expect(answer.status).toBe(401);
  });

  it('codes are for who may everything', async () => {
    const make = (asked: object) => collector.ask('/api/v1/session/codes', { method: 'POST', body: {}, ...asked });
    expect((await make({})).status).toBe(401);
    expect((await make({ scope: 'ingest' })).status).toBe(403);
    expect((await make({ scope: 'read' })).status).toBe(403);
    expect((await make({ scope: 'admin', body: { scope: 'ingest' } })).status).toBe(400);
    expect((await make({ scope: 'admin' })).json()).toEqual({ code: expect.stringMatching(/^[\w-]{32}$/) });
  });

  it('is good after a restart, and worthless with another token', async () => {
    const cookie = await cookieOf({ token: collector.token('admin') });
    const status = async () => (await collector.ask('/api/v1/session', { headers: { cookie } })).status;
    await collector.restart();
    expect(await status()).toBe(200);
    await collector.restart(() => writeFileSync(join(collector.dataDir, 'tokens/admin'), 'n'.repeat(43)));
    expect(await status()).toBe(401);
  });

  it('of one collector means nothing to another on the same machine', async () => {
    const other = await startTestCollector();
    const cookie = await cookieOf({ token: collector.token('admin') });
    expect((await other.ask('/api/v1/session', { headers: { cookie } })).status).toBe(401);
    const both = `${cookie}; theme=dark`;
    expect((await collector.ask('/api/v1/session', { headers: { cookie: both } })).status).toBe(200);
    await other.stop();
  });

  it('is ended by its browser', async () => {
    const headers = fromPage(await cookieOf({ token: collector.token('read') }));
    const ended = await collector.ask('/api/v1/session', { method: 'DELETE', headers });
    expect([ended.status, ended.headers['set-cookie']]).toEqual([
      200,
      [
        expect.stringMatching(
          new RegExp(`^${headers.cookie.split('=', 1)[0]}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0$`),
        ),
      ],
    ]);
    expect((await collector.ask('/api/v1/session', { method: 'DELETE' })).status).toBe(200);
  });
});

describe('pages of others', () => {
  const changes = [
    ['POST', '/api/v1/silences', silence],
    ['PUT', '/api/v1/objectives/x', { server: 'files', objectivePercent: 99 }],
    ['DELETE', '/api/v1/objectives/x', undefined],
    ['POST', '/api/v1/session/codes', {}],
    ['POST', '/api/v1/tools/get_active_alerts', {}],
    ['POST', '/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' }],
    ['DELETE', '/api/v1/session', undefined],
  ] as const;

  it('can do nothing with the session of the page, the page itself can', async () => {
    const cookie = await cookieOf({ token: collector.token('admin') });
    const { port, host } = new URL(collector.app.url);
    const foreign = [
      `http://127.0.0.1:${Number(port) + 1}`,
      `http://localhost:${port}`,
      'http://127.0.0.1',
      'http://evil.example',
      `http://${host}.evil.example`,
      `http://evil.example/${host}`,
      'null',
      '',
      host,
    ];
    for (const [method, path, body] of changes) {
      for (const origin of foreign) {
        const { status, text } = await collector.ask(path, { method, body, headers: { cookie, origin } });
        expect([method, path, origin, status, text]).toEqual([method, path, origin, 403, expect.any(String)]);
      }
      const without = await collector.ask(path, { method, body, headers: { cookie } });
      expect([method, path, without.status]).toEqual([method, path, 403]);
    }
    const silences = await collector.ask('/api/v1/silences', { scope: 'read' });
    expect(silences.json()).toEqual({ silences: [] });
    for (const [method, path, body] of changes.slice(0, 5)) {
      const { status } = await collector.ask(path, { method, body, headers: fromPage(cookie) });
      expect([method, path, status]).toEqual([method, path, 200]);
    }
  });

  it('is no question where a token is given', async () => {
    for (const [method, path, body] of changes.slice(0, 5)) {
      const { status } = await collector.ask(path, { method, body, scope: 'admin' });
      expect([method, path, status]).toEqual([method, path, 200]);
    }
  });

  it('cannot have a wrong token passed over for the session', async () => {
    const headers = { ...fromPage(await cookieOf({ token: collector.token('admin') })), authorization: 'Bearer wrong' };
    expect((await collector.ask('/api/v1/overview', { headers })).status).toBe(401);
  });

  it('are told nothing, whatever name they gave this machine', async () => {
    const cookie = await cookieOf({ token: collector.token('read') });
    for (const headers of [
      { host: 'evil.example' },
      { host: 'evil.example:1' },
      { origin: 'http://evil.example' },
    ] as Record<string, string>[])
      for (const path of ['/', '/api/v1/overview', '/api/v1/stream'])
        expect((await collector.ask(path, { headers: { cookie, ...headers } })).status).toBe(403);
  });
});

describe('the page of a collector', () => {
  it('may run what came with it, and answers of the API may run nothing', async () => {
    const page = await collector.ask('/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const csp = page.headers['content-security-policy'];
    expect(csp).toContain("script-src 'self'");
    expect(csp).not.toContain('unsafe');
    for (const path of ['/api/v1/overview', '/nothing', '/healthz', '/api/v1/openapi.json']) {
      const { headers } = await collector.ask(path);
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    }
    for (const answer of [page, await collector.ask('/nothing')])
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
  });

  it('loads what it names, and nothing lies beside it', async () => {
    const { text } = await collector.ask('/');
    for (const [, path] of text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const { status, headers } = await collector.ask(path!);
      expect([path, status, headers['cache-control']]).toEqual([path, 200, 'public, max-age=31536000, immutable']);
      expect(headers['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/);
    }
    for (const path of [
      '/../../etc/passwd',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/unknown',
      '/assets',
      '/tokens/admin',
    ]) {
      const answer = await collector.ask(path);
      expect([path, answer.status, answer.json().error]).toEqual([path, 404, 'not_found']);
      expect(answer.text).not.toMatch(/node_modules|\.ts|ENOENT|name":/);
    }
  });

  it('needs no session, and shows none of the data', async () => {
    const { text } = await collector.ask('/server?name=files');
    expect(text).toBe((await collector.ask('/')).text);
    expect((await collector.ask('/healthz')).json()).toEqual({ ok: true, version: expect.any(String) });
    const cookie = await cookieOf({ token: collector.token('read') });
    expect((await collector.ask('/healthz', { headers: { cookie } })).json()).toHaveProperty('store');
  });
});

describe('the stream of a collector', () => {
  async function open(headers: Record<string, string>): Promise<IncomingMessage> {
    const { hostname, port } = new URL(collector.app.url);
    const asking = request({ hostname, port, path: '/api/v1/stream', headers, agent: false }).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return response.setEncoding('utf8');
  }

  /** Until a text has come. */
  async function readUntil(response: IncomingMessage, wanted: RegExp): Promise<string> {
    let text = '';
    while (!wanted.test(text)) {
      const chunk = response.read() as string | null;
      if (chunk === null) await once(response, 'readable');
      else text += chunk;
    }
    return text;
  }

  it('is for who may look', async () => {
    for (const [headers, status] of [
      [{}, 401],
      [{ cookie: 'mcp_vitals_00000000=read.1.x.y' }, 401],
      [{ authorization: `Bearer ${collector.token('ingest')}` }, 403],
    ] as [Record<string, string>, number][]) {
      const response = await open(headers);
      expect(response.statusCode).toBe(status);
      response.destroy();
    }
  });

  it('says hello, shows the overview, and tells of an alert when it is raised', async () => {
    const response = await open({ cookie: await cookieOf({ token: collector.token('read') }) });
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const text = await readUntil(response, /event: overview\n.*\n\n/);
    expect(text).toMatch(/^retry: 1000\n\nevent: hello\ndata: \{"version":.*\n\nevent: overview\n/);
    const nowMs = Date.now();
    const failuresMs = new Array<number>(50).fill(5);
    const { batch, body } = incomingBatch({ seq: 1, receivedAtMs: nowMs, windows: [{ endMs: nowMs, failuresMs }] });
    await collector.app.ingest.accept(batch, body);
    const told = await readUntil(response, /event: alert\n.*\n\n/);
    const [, data] = /event: alert\ndata: (.*)\n/.exec(told)!;
    expect(JSON.parse(data!)).toEqual({ alertId: expect.stringMatching(/^alert-\d{8}-\d+$/), change: 'created' });
    const { alerts } = (await collector.ask('/api/v1/overview', { scope: 'read' })).json();
    expect(alerts).toMatchObject([{ server: 'server' }]);
    response.destroy();
  });

  it('ends with the collector, at once', async () => {
    const viewers = await Promise.all(
      Array.from({ length: 5 }, () => open({ authorization: `Bearer ${collector.token('read')}` })),
    );
    for (const viewer of viewers) await readUntil(viewer, /event: overview/);
    const ends = viewers.map((viewer) => once(viewer.resume(), 'end'));
    const startedMs = systemClock.monotonicMs();
    await collector.app.stop();
    await Promise.all(ends);
    // Who is cut off instead has been waited for this long.
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(2_000);
  });
});

describe('mcp-vitals dashboard', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  });
  afterEach(() => vi.restoreAllMocks());

  async function run(dataDir: string, ...args: string[]): Promise<string> {
    const program = new Command().exitOverride();
    dashboardCommand(program);
    await program.parseAsync(['dashboard', ...args, '--data-dir', dataDir], { from: 'user' });
    return said.at(-1)!;
  }

  it('prints a link that begins a session', async () => {
    for (const [args, scope] of [
      [[], 'admin'],
      [['--read-only'], 'read'],
    ] as const) {
      const link = await run(collector.dataDir, ...args);
      expect(link.startsWith(`${collector.app.url}/#code=`)).toBe(true);
      const cookie = await cookieOf({ code: codeOf(link) });
      expect((await collector.ask('/api/v1/session', { headers: { cookie } })).json()).toEqual({
        scope,
        workspace: null,
      });
    }
  });

  it('says so where no collector runs', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'mv-empty-'));
    mkdirSync(join(empty, 'tokens'));
    await expect(run(empty)).rejects.toMatchObject({ code: 'not_found' });
    rmSync(empty, { recursive: true });
    expect(readFileSync(join(collector.dataDir, 'tokens/admin'), 'utf8')).not.toBe('');
  });
});
