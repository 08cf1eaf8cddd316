/** `POST /v1/batches` of a collector in a process of its own: what is counted, what is refused, and by which name. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { SENT_AT_HEADER } from '@mcp-vitals/wire/encode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodedBatch, newInstance } from './support/batches.ts';
import {
  COMMAND,
  type Collector,
  cleanEnvironment,
  countCalls,
  startCollector,
  temporaryDataDir,
  tokenOf,
} from './support/collector.ts';

const { dataDir, remove } = temporaryDataDir();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector(dataDir, ['--set', 'ingest.maxBatchKb=64', '--set', 'limits.queriesPerMinute=1000']);
});
afterAll(async () => {
  await collector.stop();
  remove();
});

/** A msgpack array nested `depth` deep. */
const nested = (depth: number): Uint8Array => Uint8Array.from([...new Array<number>(depth).fill(0x91), 0xc0]);

describe('a good batch', () => {
  it('is counted once, however often it is sent', async () => {
    const body = encodedBatch({ server: 'once', tools: 3, samplesPerWindow: 7 });
    expect(await collector.post(body)).toEqual({ status: 200, body: { accepted: true, duplicate: false } });
    expect(await collector.post(body)).toEqual({ status: 200, body: { accepted: true, duplicate: true } });
    const together = await Promise.all(Array.from({ length: 10 }, () => collector.post(body)));
    expect(together.map(({ body: answer }) => answer.duplicate)).toEqual(new Array(10).fill(true));
    expect(await countCalls(collector, 'once')).toBe(21);
  });

  it('is counted once when its copies arrive at the same moment', async () => {
    const body = encodedBatch({ server: 'race', samplesPerWindow: 5 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => collector.post(body)));
    expect(answers.filter(({ body: answer }) => answer.duplicate === false)).toHaveLength(1);
    expect(await countCalls(collector, 'race')).toBe(5);
  });

  it('counts under the right time when the sender has a wrong clock', async () => {
    const aheadMs = 5 * 3_600_000;
    const body = encodedBatch({ server: 'ahead', endMs: Date.now() + aheadMs, samplesPerWindow: 4 });
    expect((await collector.post(body, { [SENT_AT_HEADER]: String(Date.now() + aheadMs) })).status).toBe(200);
    expect(await countCalls(collector, 'ahead')).toBe(4);
  });
});

describe('a bad batch', () => {
  const good = () => encodedBatch({ server: 'bad' });
  const cases: [string, () => Uint8Array, Record<string, string>, number, string][] = [
    ['truncated', () => good().subarray(0, 40), {}, 400, 'truncated'],
    ['empty', () => new Uint8Array(), {}, 400, 'truncated'],
    ['not msgpack', () => new TextEncoder().encode('{"hello": "world"}'), {}, 400, ''],
    ['of another version', () => wrongVersion(), {}, 400, 'unsupported_version'],
    ['too large', () => new Uint8Array(70_000), {}, 413, 'too_large'],
    ['nested too deeply', () => nested(50_000), {}, 400, 'too_deep'],
    ['without an instance', () => encodedBatch({ instance: '', server: 'bad' }), {}, 400, 'invalid'],
    [
      'from the future',
      () => encodedBatch({ server: 'bad', endMs: Date.now() + 3_600_000 }),
      {},
      400,
      'from_the_future',
    ],
    ['from a clock days off', good, { [SENT_AT_HEADER]: String(Date.now() - 3 * 86_400_000) }, 400, 'clock_skew'],
    ['with a sent-at that is no time', good, { [SENT_AT_HEADER]: 'yesterday' }, 400, 'wrong_sent_at'],
    ['of another media type', good, { 'content-type': 'application/json' }, 415, 'invalid'],
    ['compressed', good, { 'content-encoding': 'gzip' }, 415, 'invalid'],
  ];

  function wrongVersion(): Uint8Array {
    const body = good().slice();
    const at = Buffer.from(body).indexOf(Buffer.from([0xa1, 0x76, 0x01]));
    expect(at).toBeGreaterThan(0);
    body[at + 2] = 2;
    return body;
  }

  it.each(cases)('%s is refused by name', async (_name, body, headers, status, reason) => {
    const answer = await collector.post(body(), headers);
    expect(answer.status).toBe(status);
    if (reason) expect(answer.body.reason).toBe(reason);
    expect(answer.body.message).toMatch(/\w/);
  });

  it('leaves nothing behind and the collector alive', async () => {
    expect(await countCalls(collector, 'bad')).toBe(0);
    expect((await collector.post(encodedBatch({ server: 'after' }))).status).toBe(200);
  });

  it('is cut off when it turns out larger than it may be while it is sent', async () => {
    const { hostname, port } = new URL(collector.url);
    const socket = connect(Number(port), hostname);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', (error) => (text ? resolve(text) : reject(error)));
      socket.write(
        `POST /v1/batches HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${tokenOf(dataDir, 'ingest')}\r\n` +
          'content-type: application/vnd.mcp-vitals.batch+msgpack\r\ntransfer-encoding: chunked\r\n\r\n',
      );
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      for (let i = 0; i < 8; i++) socket.write(chunk);
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });
});

describe('a stranger', () => {
  const body = encodedBatch({ server: 'stranger' });

  it.each([
    ['no token', ''],
    ['a wrong token', 'Bearer nonsense'],
    ['another scheme', 'Basic abc'],
  ])('with %s is refused', async (_name, authorization) => {
    const answer = await collector.post(body, { authorization });
    expect(answer).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
  });

  it('with a token for sending may not read, and with one for reading may not change', async () => {
    const call = (scope: 'ingest' | 'read', name: string, args: object) =>
      fetch(`${collector.url}/api/v1/tools/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenOf(dataDir, scope)}`, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
    expect((await call('ingest', 'get_active_alerts', {})).status).toBe(403);
    expect((await call('read', 'get_active_alerts', {})).status).toBe(200);
    const change = await call('read', 'set_alert_threshold', { metric: 'cpu', threshold: 50, severity: 'warning' });
    expect(JSON.stringify(await change.json())).toMatch(/admin/);
  });

  it('that comes by another name, or from a page of another site, is refused on every route', async () => {
    for (const path of [
      '/healthz',
      '/mcp',
      '/v1/batches',
      '/api/v1/tools/get_active_alerts',
      '/api/v1/presence',
      '/nothing',
    ]) {
      for (const header of ['host: evil.example', 'host: localhost\r\norigin: http://evil.example']) {
        expect(await rawStatus(path, header), `${path} ${header}`).toBe(403);
      }
    }
  });

  it('learns from /healthz only that there is a collector, and one with a token how it is', async () => {
    const health = async (headers: Record<string, string>) =>
      (await fetch(`${collector.url}/healthz`, { headers })).json();
    expect(Object.keys((await health({})) as object).sort()).toEqual(['ok', 'version']);
    const known = (await health({ authorization: `Bearer ${tokenOf(dataDir, 'read')}` })) as object;
    expect(known).toMatchObject({ ok: true, pid: collector.child.pid });
  });

  async function rawStatus(path: string, headers: string): Promise<number> {
    const { hostname, port } = new URL(collector.url);
    const socket = connect(Number(port), hostname);
    socket.end(
      `GET ${path} HTTP/1.1\r\n${headers}\r\nauthorization: Bearer ${tokenOf(dataDir, 'admin')}\r\nconnection: close\r\n\r\n`,
    );
    let text = '';
    for await (const chunk of socket) text += chunk;
    return Number(text.split(' ')[1]);
  }
});

it('keeps everything acknowledged over a graceful stop', async () => {
  const own = temporaryDataDir();
  const first = await startCollector(own.dataDir);
  const instance = newInstance();
  const answers = Array.from({ length: 50 }, (_, index) =>
    first.post(encodedBatch({ instance, seq: index + 1, server: 'graceful' })).catch(() => undefined),
  );
  await answers[0];
  const code = first.stop();
  const acknowledged = (await Promise.all(answers)).filter((answer) => answer?.status === 200).length;
  expect(await code).toBe(0);
  const second = await startCollector(own.dataDir);
  const counted = await countCalls(second, 'graceful');
  expect(counted).toBeGreaterThanOrEqual(10 * acknowledged);
  // What was not acknowledged is sent again by its SDK: then everything is there, once.
  for (let seq = 1; seq <= 50; seq++) await second.post(encodedBatch({ instance, seq, server: 'graceful' }));
  expect(await countCalls(second, 'graceful')).toBe(500);
  await second.stop();
  own.remove();
});

it('refuses to be the second collector of a directory, and says who the first is', async () => {
  const second = spawn(process.execPath, [COMMAND, 'serve', '--port', '0'], { env: cleanEnvironment(dataDir) });
  let said = '';
  second.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(second, 'close');
  expect(code).toBe(1);
  expect(said).toContain(`already has a collector: process ${collector.child.pid} at ${collector.url}`);
  expect((await collector.post(encodedBatch())).status).toBe(200);
});
