import { type Batch, parseSeriesName, type SeriesKind } from '@mcp-vitals/wire/decode';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { RequestHandler } from '../instrument/dispatch.ts';
import type { MonitoringOptions } from '../options.ts';
import { createTestMonitor } from '../testing/testMonitor.ts';
import { instrument } from '../withMonitoring.ts';

/** Calls that end when the test says so, on as many server objects as wanted. */
function monitored(options: MonitoringOptions = {}) {
  const test = createTestMonitor(options);
  const newServer = () => {
    const handlers = new Map<string, RequestHandler>([['tools/call', (_request, extra) => (extra as Running).answer]]);
    instrument({ given: {}, lowLevel: {}, handlers, name: 'server', version: '1' }, test.monitor, {});
    return (name: string, sessionId?: string): Running => {
      const running = pending(sessionId);
      handlers.get('tools/call')!({ params: { name } }, running);
      return running;
    };
  };
  const windowsOf = async (kind: SeriesKind) => {
    await test.monitor.flush();
    return test.batches().flatMap(({ windows }) => windows.filter((window) => window.kind === kind));
  };
  return { ...test, newServer, windowsOf };
}

interface Running {
  answer: Promise<unknown>;
  sessionId: string | undefined;
  end(): Promise<void>;
  fail(): Promise<void>;
}

function pending(sessionId: string | undefined): Running {
  let [resolve, reject] = [(_answer: unknown) => {}, (_error: Error) => {}];
  const answer = new Promise((...settle) => {
    [resolve, reject] = settle;
  });
  const settled = () =>
    answer.then(
      () => {},
      () => {},
    );
  const end = () => {
    resolve({ content: [] });
    return settled();
  };
  const fail = () => {
    reject(new RangeError('no'));
    return settled();
  };
  return { answer, sessionId, end, fail };
}

/** Calls, or what was counted, by series name. */
function totals(windows: Batch['windows'], of: 'count' | 'sum'): Record<string, number> {
  const byName: Record<string, number> = {};
  for (const { name, digest } of windows) byName[name] = (byName[name] ?? 0) + digest[of];
  return byName;
}

describe('overlapped', () => {
  it('is nothing where calls run one after the other', async () => {
    const { newServer, windowsOf } = monitored();
    const call = newServer();
    for (let i = 0; i < 5; i += 1) await call('read').end();
    expect(await windowsOf('overlapped')).toEqual([]);
  });

  it('has the duration and the outcome of a call, by how many there were when it began', async () => {
    const { newServer, windowsOf, clock } = monitored();
    const call = newServer();
    const [first, second, third] = [call('read-file'), call('read-file'), call('read-file')];
    call('other');
    await clock.advance(30);
    await third!.fail();
    await first!.end();
    await clock.advance(10);
    await second!.end();
    const windows = await windowsOf('overlapped');
    expect(windows.map(({ name, digest, outcomes }) => [name, digest.max, outcomes])).toEqual([
      ['read-file{calls="3-4"}', 30, [0, 0, 1, 0, 0, 0, 0]],
      ['read-file{calls="2"}', 40, [1, 0, 0, 0, 0, 0, 0]],
    ]);
    expect(windows.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  });

  it('has a series for each power of two', async () => {
    const { newServer, windowsOf } = monitored();
    const call = newServer();
    const all = Array.from({ length: 100 }, () => call('read'));
    await Promise.all(all.map((running) => running.end()));
    expect(totals(await windowsOf('overlapped'), 'count')).toEqual({
      'read{calls="2"}': 1,
      'read{calls="3-4"}': 2,
      'read{calls="5-8"}': 4,
      'read{calls="9-16"}': 8,
      'read{calls="17-32"}': 16,
      'read{calls="33-64"}': 32,
      'read{calls="65+"}': 36,
    });
  });

  it('is not said of calls without a series of their own, and takes the place of none', async () => {
    const { newServer, windowsOf } = monitored({ maxSeries: 2 });
    const call = newServer();
    for (const name of ['a', 'b', 'c', 'd']) await Promise.all([call(name), call(name)].map((one) => one.end()));
    expect(totals(await windowsOf('overlapped'), 'count')).toEqual({ 'a{calls="2"}': 1, 'b{calls="2"}': 1 });
    expect(totals(await windowsOf('tool'), 'count')).toEqual({ a: 2, b: 2, __other__: 4 });
  });
});

describe('follows', () => {
  it('counts which tool a session called next after which, once per window and pair', async () => {
    const { newServer, windowsOf } = monitored();
    const call = newServer();
    for (const name of ['list', 'read', 'read', 'read', 'list', 'read']) await call(name).end();
    const windows = await windowsOf('follows');
    expect(windows.map(({ name, digest }) => [name, digest.count, digest.sum])).toEqual([
      ['read{after="list"}', 1, 2],
      ['read{after="read"}', 1, 2],
      ['list{after="read"}', 1, 1],
    ]);
  });

  it('is what begins within a minute of the end of a call', async () => {
    const { newServer, windowsOf, clock } = monitored();
    const call = newServer();
    const slow = call('slow');
    await clock.advance(300_000);
    await slow.end();
    await clock.advance(60_000);
    await call('in time').end();
    await clock.advance(60_001);
    await call('too late').end();
    expect(totals(await windowsOf('follows'), 'sum')).toEqual({ 'in time{after="slow"}': 1 });
  });

  it('keeps sessions and server objects apart', async () => {
    const { newServer, windowsOf } = monitored();
    const [one, other] = [newServer(), newServer()];
    await one('a').end();
    await other('b').end();
    await one('c', 'session 1').end();
    await one('d', 'session 2').end();
    await one('e', 'session 1').end();
    await one('f').end();
    expect(totals(await windowsOf('follows'), 'sum')).toEqual({ 'e{after="c"}': 1, 'f{after="a"}': 1 });
  });

  it('says nothing of a server object per request, and keeps nothing', async () => {
    const { newServer, windowsOf } = monitored();
    for (let i = 0; i < 50; i += 1) await newServer()('read').end();
    expect(await windowsOf('follows')).toEqual([]);
  });

  it('is bounded per server, and takes the place of no tool', async () => {
    const { newServer, windowsOf } = monitored({ maxSeries: 30 });
    const call = newServer();
    for (let step = 1; step < 30; step += 1) {
      for (let i = 0; i < 30; i += 1) await call(`tool ${(i * step) % 30}`).end();
    }
    expect(Object.keys(totals(await windowsOf('follows'), 'sum'))).toHaveLength(200);
    expect(Object.keys(totals(await windowsOf('tool'), 'count'))).toHaveLength(30);
  });

  it('is read back whatever tools are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), async (name) => {
        const { newServer, windowsOf } = monitored();
        const call = newServer();
        await call('before').end();
        await call(name).end();
        await call('after').end();
        const [first, second] = (await windowsOf('follows')).map((window) => parseSeriesName(window.name));
        const sent = name.toWellFormed();
        expect(first).toEqual({ name: sent.replaceAll('{', '_'), labels: { after: 'before' } });
        expect(second).toEqual({ name: 'after', labels: { after: sent } });
      }),
      { numRuns: 100 * inject('thoroughness') },
    );
  });
});

it('all calls are told of, alone or together, first or next', async () => {
  const anyStep = fc.record({
    begins: fc.boolean(),
    tool: fc.constantFrom('a', 'b', 'c'),
    session: fc.constantFrom(undefined, '1', '2'),
    server: fc.nat(1),
    pick: fc.nat(),
    waitMs: fc.nat(900),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
      const { newServer, windowsOf, clock } = monitored();
      const servers = [newServer(), newServer()];
      const running: { call: Running; isAlone: boolean; tool: string }[] = [];
      const sessions = new Set<string>();
      let [begun, alone] = [0, 0];
      for (const { begins, tool, session, server, pick, waitMs } of steps) {
        await clock.advance(waitMs);
        if (begins) {
          const isAlone = !running.some((other) => other.tool === tool);
          running.push({ call: servers[server]!(tool, session), isAlone, tool });
          sessions.add(`${server} ${session}`);
          begun += 1;
          if (isAlone) alone += 1;
        } else if (running.length > 0) await running.splice(pick % running.length, 1)[0]!.call.end();
      }
      for (const { call } of running) await call.end();
      const sum = (values: Record<string, number>) => Object.values(values).reduce((a, b) => a + b, 0);
      expect(sum(totals(await windowsOf('tool'), 'count'))).toBe(begun);
      expect(sum(totals(await windowsOf('overlapped'), 'count'))).toBe(begun - alone);
      expect(sum(totals(await windowsOf('follows'), 'sum'))).toBe(begun - sessions.size);
    }),
    { numRuns: 100 * inject('thoroughness') },
  );
});
