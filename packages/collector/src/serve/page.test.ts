/** The page's files over HTTP, asked for byte by byte: clients that are kind would tidy up the addresses. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPage, PAGE_CSP } from './page.ts';

const SCRIPT = `const text = ${JSON.stringify('x'.repeat(20_000))};`;
const FILES: Record<string, string> = {
  'index.html': '<!doctype html><script type="module" src="/assets/index-1.js"></script>',
  'assets/index-1.js': SCRIPT,
  'assets/index-2.css': 'body { margin: 0 }',
  'assets/font.woff2': 'wOF2',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/data.bin': '\u0000\u0001',
};

let root: string;
let directory: string;
let server: Server;
let warnings: unknown[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mcp-vitals-page-'));
  directory = join(root, 'page');
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  writeFileSync(join(root, 'secret'), 'not for you');
  warnings = [];
  const page = createPage(directory, { warn: (context: unknown) => void warnings.push(context) });
  server = createServer((incoming, response) => {
    if (!page.handle(incoming, response)) response.writeHead(404).end('nothing here');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const asked = request({ host: '127.0.0.1', port, path, method, headers }).end();
  const [response] = await once(asked, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

describe('the page', () => {
  it('answers each file with its type, as it is on the disk', async () => {
    const types: Record<string, string> = {
      'index.html': 'text/html; charset=utf-8',
      'assets/index-1.js': 'text/javascript; charset=utf-8',
      'assets/index-2.css': 'text/css; charset=utf-8',
      'assets/font.woff2': 'font/woff2',
      'icon.svg': 'image/svg+xml',
      'assets/data.bin': 'application/octet-stream',
    };
    for (const [path, content] of Object.entries(FILES)) {
      const { status, headers, body } = await ask(`/${path}`);
      expect([status, headers['content-type'], body.toString()]).toEqual([200, types[path], content]);
      expect(Number(headers['content-length'])).toBe(body.length);
    }
    expect(warnings).toEqual([]);
  });

  it('is at each of its addresses, whatever they say after a question mark', async () => {
    for (const path of ['/', '/server?name=a%2Fb', '/tool', '/alerts', '/settings?x=?']) {
      const { status, headers, body } = await ask(path);
      expect([status, body.toString()]).toEqual([200, FILES['index.html']]);
      expect(headers['content-security-policy']).toBe(PAGE_CSP);
    }
    expect(PAGE_CSP).not.toMatch(/unsafe|\*|http:/);
    expect(PAGE_CSP).toContain("default-src 'none'");
  });

  it('is asked for anew each time, its other files never', async () => {
    expect((await ask('/')).headers['cache-control']).toBe('no-cache');
    expect((await ask('/icon.svg')).headers['cache-control']).toBe('no-cache');
    expect((await ask('/assets/index-1.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['', undefined],
    ['identity', undefined],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0,gzip;q=0', undefined],
    ['gzip;q=0.5, br ; q=0', 'gzip'],
    ['brotli, xbr, gzip-x', undefined],
    ['*', undefined],
    ['*;q=0', undefined],
    ['*;q=0, gzip', 'gzip'],
  ])('is sent to who accepts %j as %s', async (accepted, encoding) => {
    const { headers, body } = await ask('/assets/index-1.js', accepted === '' ? {} : { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toBe('accept-encoding');
    const plain = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
    expect(plain.toString()).toBe(SCRIPT);
    if (encoding !== undefined) expect(body.length).toBeLessThan(SCRIPT.length / 10);
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await ask('/');
    const etag = headers.etag!;
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag}`, '*']) {
      const again = await ask('/', { 'if-none-match': given, 'accept-encoding': 'br' });
      expect([given, again.status, again.body.length, again.headers.etag]).toEqual([given, 304, 0, etag]);
      expect(again.headers['cache-control']).toBe('no-cache');
    }
    for (const given of ['"other"', etag.slice(0, -2), `${etag}x`]) {
      expect((await ask('/', { 'if-none-match': given })).status).toBe(200);
    }
    expect((await ask('/assets/index-1.js')).headers.etag).not.toBe(etag);
  });

  it('tells HEAD what it would send', async () => {
    const { status, headers, body } = await ask('/', {}, 'HEAD');
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(FILES['index.html']!.length),
    });
  });

  it.each([
    '/../secret',
    '/../../etc/passwd',
    '/assets/../../secret',
    '/%2e%2e/secret',
    '/assets/%2e%2e/%2e%2e/secret',
    '/assets/..%2f..%2fsecret',
    '/..\\secret',
    '//index.html',
    '/assets',
    '/assets/',
    '/assets/index-1.js/',
    '/assets/index-1.js%00',
    '/INDEX.HTML',
    '/__proto__',
    '/constructor',
    'http://127.0.0.1/../secret',
    '*',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await ask(path, {}, path === '*' ? 'OPTIONS' : 'GET');
    expect([status, body.toString()]).toEqual([404, 'nothing here']);
  });

  it('takes nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect((await ask('/', {}, method)).status).toBe(404);
  });

  it('is kept in memory, so that it stays whole while another one is put in its place', async () => {
    rmSync(directory, { recursive: true });
    expect((await ask('/')).body.toString()).toBe(FILES['index.html']);
  });
});

it('a page that was not built is said once, and nothing is answered', () => {
  const said: unknown[] = [];
  const page = createPage(join(root, 'nowhere'), { warn: (...args: unknown[]) => void said.push(args) });
  expect(said).toHaveLength(1);
  expect(page.handle({ method: 'GET', url: '/' } as never, undefined as never)).toBe(false);
});

it('what was built asks for nothing that is not there', async () => {
  const built = join(import.meta.dirname, '../../dist/dashboard/page');
  const html = readFileSync(join(built, 'index.html'), 'utf8');
  const asked = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  expect(asked.length).toBeGreaterThan(1);
  for (const path of asked) expect(readFileSync(join(built, path)).length).toBeGreaterThan(0);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
});
