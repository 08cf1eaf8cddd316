import { decodeBatch } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { describe, expect, it, vi } from 'vitest';
import { MonitorOfServer } from './monitorOfServer.ts';
import { type ServerMonitor, SWITCHED_OFF } from './serverMonitor.ts';
import { createTestMonitor } from './testing/testMonitor.ts';

function monitored(options = {}) {
  const test = createTestMonitor(options);
  const server = test.monitor.serverFor('server', '1');
  const monitor: ServerMonitor = new MonitorOfServer(test.monitor, server);
  /** What there was in the windows until now: kind, name, outcomes that occurred, samples. */
  const recorded = async () => {
    await test.clock.advance(1_000);
    const windows = test.batches().flatMap((batch) => batch.windows);
    return windows.map(({ kind, name, outcomes, digest }) => ({
      [`${kind} ${name}`]: { outcomes, values: digest.centroids().flatMap(({ mean, n }) => Array(n).fill(mean)) },
    }));
  };
  return { ...test, server: monitor, recorded };
}

const OK = [1, 0, 0, 0, 0, 0, 0];

describe('a call that is begun and ended', () => {
  it('is in flight, then recorded once with what is known of it', async () => {
    const { server, clock, recorded, batches, monitor } = monitored();
    const call = server.begin('read');
    expect(monitor.recorder.inFlight.snapshot(clock.monotonicMs())).toMatchObject([{ count: 1 }]);
    await clock.advance(100);
    const error = { errorClass: 'ReadError', code: 'EIO', message: 'secret' };
    call.end('tool_error', { error, resultBytes: 2_000, waitMs: 60 });
    call.end('ok');
    expect(await recorded()).toEqual([
      { 'tool read': { outcomes: [0, 1, 0, 0, 0, 0, 0], values: [40] } },
      { 'wait read': { outcomes: OK, values: [60] } },
      { 'result_bytes read': { outcomes: OK, values: [2_000] } },
    ]);
    const [window] = batches()[0]!.windows;
    expect(window!.errors).toEqual([{ atMs: expect.any(Number), errorClass: 'ReadError', code: 'EIO' }]);
  });
});

describe('the exemplar of a window', () => {
  const traceparent = (digit: string, flags = '01') => `00-${digit.repeat(32)}-${digit.repeat(16)}-${flags}`;

  it('is its slowest call that belongs to a sampled trace', async () => {
    const { server, clock, batches } = monitored();
    const call = (durationMs: number, trace?: string) =>
      server.begin('read', 'tool', { traceparent: trace }).end('ok', { durationMs, waitMs: 1, resultBytes: 5 });
    call(20, traceparent('1'));
    call(40.00000049, traceparent('2'));
    const atMs = clock.nowMs();
    call(30, traceparent('3'));
    call(50, traceparent('4', '00'));
    call(60);
    call(70, 'no trace context');
    await clock.advance(1_000);
    call(5, traceparent('5'));
    server.begin('cancels', 'tool', { traceparent: traceparent('6') }).end('cancelled');
    await clock.advance(1_000);
    const windows = batches().flatMap((batch) =>
      batch.windows.map(({ kind, name, exemplar }) => [kind, name, exemplar]),
    );
    const trace = (digit: string) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16) });
    expect(windows).toEqual([
      ['tool', 'read', { ...trace('2'), valueMs: 39, atMs }],
      ['wait', 'read', undefined],
      ['result_bytes', 'read', undefined],
      ['tool', 'read', { ...trace('5'), valueMs: 4, atMs: atMs + 1_000 }],
      ['wait', 'read', undefined],
      ['result_bytes', 'read', undefined],
      ['tool', 'cancels', undefined],
    ]);
    expect(
      batches()[0]!
        .windows[0]!.digest.centroids()
        .map(({ mean }) => mean),
    ).toContain(39);
  });
});

describe('a call of a function', () => {
  it('has its outcome read from the answer, which is handed on untouched', async () => {
    const { server, recorded } = monitored();
    const answer = { content: [], isError: true };
    expect(server.call('fails', () => answer)).toBe(answer);
    const promise = Promise.resolve('later');
    expect(server.call('later', () => promise)).toBe(promise);
    const error = new RangeError('thrown');
    const run = vi.fn(() => {
      throw error;
    });
    expect(() => server.call('throws', run, 'prompt')).toThrow(error);
    await expect(server.call('rejects', () => Promise.reject(error))).rejects.toBe(error);
    expect(run).toHaveBeenCalledTimes(1);
    expect(
      (await recorded()).map((series) => Object.entries(series)[0]!).map(([name, { outcomes }]) => [name, outcomes]),
    ).toEqual([
      ['tool fails', [0, 1, 0, 0, 0, 0, 0]],
      ['prompt throws', [0, 0, 1, 0, 0, 0, 0]],
      ['tool later', OK],
      ['tool rejects', [0, 0, 1, 0, 0, 0, 0]],
    ]);
  });

  it('is counted with others when there is no such tool', async () => {
    const { server, recorded } = monitored();
    server.learnTools(['read']);
    server.call('read', () => ({}));
    server.call('no such tool', () => ({ isError: true }));
    expect((await recorded()).flatMap(Object.keys)).toEqual(['tool read', 'tool __other__']);
  });
});

describe('metrics of the author', () => {
  it('are added up per window, and a gauge keeps its newest value', async () => {
    const { server, recorded } = monitored();
    for (let i = 0; i < 5; i += 1) server.count('jobs', 2);
    server.count('jobs', 1, { queue: 'a"b' });
    server.gauge('balance', 3);
    server.gauge('balance', -1.5);
    const users = server.cache('users');
    users.hit();
    users.hit();
    users.miss();
    const http = server.connections('http');
    http.open();
    http.open();
    http.close();
    expect(Object.assign({}, ...(await recorded()))).toEqual({
      'counter jobs': { outcomes: OK, values: [10] },
      'counter jobs{queue="a\\"b"}': { outcomes: OK, values: [1] },
      'gauge balance': { outcomes: OK, values: [-1.5] },
      'counter cache_hits{cache="users"}': { outcomes: OK, values: [2] },
      'counter cache_misses{cache="users"}': { outcomes: OK, values: [1] },
      'gauge active_connections{type="http"}': { outcomes: OK, values: [1] },
    });
    users.hit();
    expect((await recorded()).at(-1)).toEqual({ 'counter cache_hits{cache="users"}': { outcomes: OK, values: [1] } });
  });

  it('time what a function takes, and call it a failure when it throws', async () => {
    const { server, recorded } = monitored();
    expect(server.query('select', () => ({ isError: true }))).toEqual({ isError: true });
    await expect(server.time('sync', () => Promise.reject(new Error('no')), { to: 'disk' })).rejects.toThrow('no');
    expect(
      (await recorded()).map((series) => Object.entries(series)[0]!).map(([name, { outcomes }]) => [name, outcomes]),
    ).toEqual([
      ['custom database_query{query_type="select"}', OK],
      ['custom sync{to="disk"}', [0, 0, 1, 0, 0, 0, 0]],
    ]);
  });

  it.each([0, -1, 1e-6, -1e-6, 0.1, 123.456789, 1e9 + 0.5, 1e12, -1e12, 1e15])('carry %d', async (value) => {
    const { server, clock, batches } = monitored();
    server.gauge('value', value);
    await clock.advance(1_000);
    const { digest } = decodeBatch(encodeBatch(batches()[0]!)).windows[0]!;
    for (const read of [digest.quantile(0.5), digest.min, digest.max, digest.sum]) {
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(5e-4, Math.abs(value) * 1e-6));
    }
  });

  it('refuse what is no number, once and on stderr', async () => {
    const { server, recorded, stderr } = monitored();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, '1x' as never]) {
      server.gauge('bad', value);
      server.count('bad', value);
    }
    server.count('shrinks', -1);
    expect(await recorded()).toEqual([]);
    expect(stderr).toHaveLength(2);
  });

  it('are limited together with everything else of a server', async () => {
    const { server, recorded } = monitored({ maxSeries: 3 });
    for (let i = 0; i < 10; i += 1) server.count(`counter_${i}`);
    expect((await recorded()).flatMap(Object.keys)).toEqual([
      'counter counter_0',
      'counter counter_1',
      'counter counter_2',
      'counter __other__',
    ]);
  });
});

describe('whatever it is given', () => {
  const hostile = {
    get toString(): never {
      throw new Error('hands off');
    },
  };

  it('throws nothing, runs what it is given, and leaves no call in flight', async () => {
    const { server, monitor, clock, recorded, stderr } = monitored();
    const odd = [
      undefined,
      null,
      1,
      Symbol('odd'),
      {},
      hostile,
      new Proxy({}, { ownKeys: () => [1] as never }),
    ] as never[];
    for (const thing of odd) {
      server.begin(thing).end();
      server.begin('kind', thing).end();
      server.begin('details').end('ok', thing);
      server.begin('trace', 'tool', thing).end();
      server.begin('trace', 'tool', { traceparent: thing }).end();
      server.begin('outcome').end(thing, { error: thing });
      server.begin('amounts').end('timeout', { error: { errorClass: thing }, resultBytes: thing, waitMs: thing });
      server.count(thing);
      server.gauge('gauge', thing, thing);
      server.cache(thing).hit();
      server.connections(thing).set(thing);
      server.learnTools(thing);
      expect(server.call(thing, () => 1, thing)).toBe(1);
      expect(server.time(thing, () => 2, thing)).toBe(2);
      expect(server.query(thing, () => 3)).toBe(3);
    }
    expect(monitor.recorder.inFlight.snapshot(clock.monotonicMs())).toEqual([]);
    for (const series of await recorded()) {
      for (const { values } of Object.values(series)) expect(values.every(Number.isFinite)).toBe(true);
    }
    expect(new Set(stderr).size).toBe(stderr.length);
  });

  it('is harmless after the shutdown', async () => {
    const { server, monitor, recorded } = monitored();
    await server.shutdown();
    server.count('late');
    server.call('late', () => ({}));
    expect((await recorded()).flatMap(Object.keys)).toEqual(['counter late', 'tool late']);
    expect(monitor.hasUnsent).toBe(false);
  });
});

describe('switched off', () => {
  it('runs what it is given and does nothing else', async () => {
    expect(SWITCHED_OFF.call('a', () => 1)).toBe(1);
    expect(SWITCHED_OFF.time('a', () => 2)).toBe(2);
    expect(SWITCHED_OFF.query('a', () => 3)).toBe(3);
    SWITCHED_OFF.begin('a').end('ok');
    SWITCHED_OFF.cache('a').hit();
    SWITCHED_OFF.connections('a').open();
    await SWITCHED_OFF.shutdown();
    expect(SWITCHED_OFF.status.servers).toEqual([]);
  });
});
