import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MetricsResponse } from '../protobuf/otlpMessages.ts';
import {
  metricsRequest,
  metricsResponse,
  OTLP_CONTENT_TYPES,
  type OtlpEncoding,
  rpcStatus,
} from '../protobuf/otlpMetrics.ts';
import { startTestCollector, type TestCollector } from '../testing/testCollector.ts';
import { createOtlpRoute } from './httpRoute.ts';
import { point, requestOf } from './otlpFixtures.ts';

const MEGABYTE = 1_048_576;

let collector: TestCollector;
beforeAll(async () => {
  collector = await startTestCollector(['otlp.maxBodyKb=256', 'otlp.maxInflatedKb=4096']);
});
afterAll(() => collector.stop());

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Buffer;
}

function post(body: Uint8Array, headers: Record<string, string> = {}, url = collector.app.url): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const authorization = `Bearer ${collector.token('ingest')}`;
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        hostname,
        port,
        path: '/v1/metrics',
        method: 'POST',
        headers: { authorization, 'content-type': OTLP_CONTENT_TYPES.protobuf, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    asking.on('error', reject);
    asking.end(body);
  });
}

const callNow = (tool: string) => {
  const timeMs = Date.now();
  return point({ tool, startMs: timeMs - 1000, timeMs, durationsS: [0.04] });
};

async function callsOf(tool: string): Promise<number> {
  const atMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  const range = { startTime: atMs(-3_600_000), endTime: atMs(60_000) };
  const asked = { scope: 'read', method: 'POST', body: { ...range, toolName: tool, aggregation: 'count' } } as const;
  const { structuredContent } = (await collector.ask('/api/v1/tools/get_metrics', asked)).json();
  return (structuredContent as { summary: { totalCalls: number } }).summary.totalCalls;
}

describe.each(['protobuf', 'json'] as OtlpEncoding[])('a request in %s', (encoding) => {
  const headers = { 'content-type': `${OTLP_CONTENT_TYPES[encoding]}; charset=utf-8` };

  it('is counted, plain or compressed, and answered in its encoding', async () => {
    const body = metricsRequest.encode(requestOf({ temporality: 'delta', points: [callNow(encoding)] }), encoding);
    const answer = await post(body, headers);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': OTLP_CONTENT_TYPES[encoding] } });
    expect(metricsResponse.decode(answer.body, encoding)).toEqual({});
    expect(await post(gzipSync(body), { ...headers, 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
    expect(await callsOf(encoding)).toBe(1);
  });

  it('says which points it could not count', async () => {
    const broken = { ...callNow('broken'), count: 7 };
    const answer = await post(metricsRequest.encode(requestOf({ points: [broken] }), encoding), headers);
    expect(metricsResponse.decode(answer.body, encoding).partialSuccess).toEqual({
      rejectedDataPoints: 1,
      errorMessage: 'weather: mcp.server.operation.duration: 7 samples, 1 in the buckets',
    });
  });

  it('is refused with a status in its encoding', async () => {
    const answer = await post(Buffer.from('{]'), headers);
    expect(answer.status).toBe(400);
    expect(rpcStatus.decode(answer.body, encoding)).toMatchObject({
      code: 3,
      message: expect.stringContaining('body'),
    });
  });
});

describe('what is refused for good', () => {
  const gzip = { 'content-encoding': 'gzip' };
  const json = { 'content-type': 'application/json' };
  it.each<[string, number, () => Uint8Array, Record<string, string>]>([
    ['no token', 401, () => Buffer.alloc(0), { authorization: '' }],
    ['a wrong token', 401, () => Buffer.alloc(0), { authorization: 'Bearer wrong' }],
    ['another media type', 415, () => Buffer.alloc(0), { 'content-type': 'text/plain' }],
    ['another compression', 415, () => Buffer.alloc(0), { 'content-encoding': 'br' }],
    ['a large body', 413, () => Buffer.alloc(300 * 1024), {}],
    ['what only says it is compressed', 400, () => Buffer.from('plain'), gzip],
    ['a compressed body that ends early', 400, () => gzipSync(randomBytes(1000)).subarray(0, 500), gzip],
    ['a large body in a small one', 413, () => gzipSync(Buffer.alloc(100 * MEGABYTE)), gzip],
    [
      'many messages in a small body',
      413,
      () => gzipSync(Buffer.alloc(4 * MEGABYTE - 16, Buffer.from([0x0a, 0]))),
      gzip,
    ],
    ['many objects in a small body', 413, () => gzipSync(manyObjects()), { ...gzip, ...json }],
    ['arrays in arrays', 413, () => gzipSync(Buffer.from('['.repeat(2 * MEGABYTE))), { ...gzip, ...json }],
    ['values in values', 400, () => nestedValue(5_000), {}],
  ])('%s: %i', async (_what, status, body, headers) => {
    expect((await post(body(), headers)).status).toBe(status);
  });

  it('makes the heap no larger', async () => {
    const bombs = [
      gzipSync(Buffer.alloc(100 * MEGABYTE)),
      gzipSync(Buffer.alloc(4 * MEGABYTE - 16, Buffer.from([0x0a, 0]))),
    ];
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 30; i++) expect((await post(bombs[i % 2]!, gzip)).status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEGABYTE);
  });
});

it('asks those to wait that come when enough are under way', async () => {
  let end = (_response: MetricsResponse) => {};
  let tellThatAllHaveCome = () => {};
  const mayEnd = new Promise<MetricsResponse>((resolve) => (end = resolve));
  const allHaveCome = new Promise<void>((resolve) => (tellThatAllHaveCome = resolve));
  let waiting = 0;
  const handle = createOtlpRoute({
    receiver: {
      receive() {
        waiting++;
        if (waiting === 8) tellThatAllHaveCome();
        return mayEnd;
      },
      forgetOld: async () => {},
    },
    limits: { maxBytes: 1_000, maxInflatedBytes: 1_000 },
    authorize() {},
    onError() {},
  });
  const server = createServer((asking, response) => void handle(asking, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const first = Array.from({ length: 8 }, () => post(Buffer.alloc(0), {}, url));
  await allHaveCome;
  const refused = await post(Buffer.alloc(0), {}, url);
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
  expect(rpcStatus.decode(refused.body, 'protobuf').code).toBe(8);
  end({});
  for (const { status } of await Promise.all(first)) expect(status).toBe(200);
  expect((await post(Buffer.alloc(0), {}, url)).status).toBe(200);
  server.close();
});

it('never fails, whatever bytes come', async () => {
  const good = requestOf({ points: [callNow('any'), callNow('other')] });
  const bytes = fc.constantFrom<OtlpEncoding>('protobuf', 'json').map((encoding) => ({
    encoding,
    body: metricsRequest.encode(good, encoding),
  }));
  const changes = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(bytes, changes, fc.nat(20), async ({ encoding, body }, changed, cut) => {
      const broken = Buffer.from(body.subarray(0, body.length - cut));
      for (const { at, byte } of changed) broken[at % broken.length] = byte;
      const { status } = await post(broken, { 'content-type': OTLP_CONTENT_TYPES[encoding] });
      expect([200, 400]).toContain(status);
    }),
    { numRuns: 150 * inject('thoroughness') },
  );
  const random = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(random, async (body) => {
      expect([200, 400]).toContain((await post(body)).status);
    }),
    { numRuns: 50 * inject('thoroughness') },
  );
});

function manyObjects(): Buffer {
  return Buffer.from(`{"resourceMetrics":[${'{},'.repeat(MEGABYTE)}{}]}`);
}

/** An attribute whose value is an array of an array of ... */
function nestedValue(depth: number): Uint8Array {
  let value: Uint8Array = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) value = field(5, field(1, value));
  const attribute = Buffer.concat([field(1, Buffer.from('k')), field(2, value)]);
  return field(1, field(1, field(1, attribute)));
}

function field(id: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([(id << 3) | 2, ...length]), content]);
}
