import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { RequestHandler } from './instrument/dispatch.ts';
import { createTestMonitor } from './testing/testMonitor.ts';
import { instrument } from './withMonitoring.ts';

const ok: RequestHandler = () => ({ content: [] });

/** A server as far as the seam goes; the real ones are in tests/sdk-compat. */
function monitored(handler: RequestHandler, options = {}) {
  const test = createTestMonitor(options);
  const handlers = new Map<string, RequestHandler>([['tools/call', handler]]);
  instrument({ given: {}, lowLevel: {}, handlers, name: 'server', version: '1' }, test.monitor, {});
  const call = (name: unknown = 'tool') => handlers.get('tools/call')!({ params: { name } });
  /** What was recorded of the calls themselves; what follows what is in `relations.test.ts`. */
  const windows = () => test.batches().flatMap((batch) => batch.windows.filter(({ kind }) => kind === 'tool'));
  return { ...test, handlers, call, windows };
}

describe('a window', () => {
  it('is sealed a second after its first call and leaves in a batch', async () => {
    const { call, clock, batches } = monitored(ok);
    call();
    await clock.advance(999);
    expect(batches()).toEqual([]);
    await clock.advance(1);
    expect(batches()).toHaveLength(1);
    expect(batches()[0]).toMatchObject({ instance: 'test', seq: 1, servers: [{ name: 'server', version: '1' }] });
    expect(batches()[0]!.windows[0]).toMatchObject({ name: 'tool', kind: 'tool', outcomes: [1, 0, 0, 0, 0, 0, 0] });
    expect(batches()[0]!.resources).toHaveLength(1);
  });

  it('ends where a minute ends', async () => {
    const { call, clock, batches } = monitored(ok);
    await clock.advance(59_700);
    call();
    await clock.advance(300);
    const [window] = batches().flatMap(({ windows }) => windows);
    expect([window!.endMs % 60_000, window!.endMs - window!.startMs]).toEqual([0, 300]);
  });

  it('is sealed early when its buffer is full, and loses no sample', async () => {
    const { call, clock, windows } = monitored(ok);
    for (let i = 0; i < 10_000; i += 1) call();
    await clock.advance(1_000);
    expect(windows().length).toBe(3);
    expect(windows().reduce((sum, { digest }) => sum + digest.count, 0)).toBe(10_000);
  });

  it('goes on while calls keep coming, with a batch a second', async () => {
    const { call, clock, batches, windows } = monitored(ok);
    for (let i = 0; i < 50; i += 1) {
      call();
      await clock.advance(100);
    }
    await clock.advance(1_000);
    expect(batches().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(windows().reduce((sum, { digest }) => sum + digest.count, 0)).toBe(50);
  });
});

describe('a batch', () => {
  it('holds at most 100 windows', async () => {
    const { call, clock, batches } = monitored(ok);
    for (let i = 0; i < 250; i += 1) call(`tool ${i}`);
    await clock.advance(1_000);
    expect(batches().map((batch) => batch.windows.length)).toEqual([100, 100, 100, 100, 50]);
  });

  it('waits for its interval when windows are narrower', async () => {
    const { call, clock, batches, windows } = monitored(ok, { windowMs: 100, batchIntervalMs: 1_000 });
    for (let i = 0; i < 20; i += 1) {
      call();
      await clock.advance(100);
    }
    expect(batches().length).toBeLessThanOrEqual(3);
    await clock.advance(1_000);
    expect(windows().reduce((sum, { digest }) => sum + digest.count, 0)).toBe(20);
  });
});

describe('an idle server', () => {
  it('sends a heartbeat a minute and nothing else', async () => {
    const { clock, batches } = monitored(ok);
    await clock.advance(59_999);
    expect(batches()).toEqual([]);
    await clock.advance(120_001);
    expect(batches().map(({ windows, resources }) => [windows.length, resources.length])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('reports calls that hang, with their age', async () => {
    const { call, clock, batches } = monitored(() => new Promise(() => {}));
    call();
    call();
    await clock.advance(60_000);
    expect(batches()[0]!.inFlight).toEqual([{ server: 0, kind: 'tool', name: 'tool', count: 2, oldestAgeMs: 60_000 }]);
  });
});

describe('series', () => {
  it('are limited per server; the rest is counted together', async () => {
    const { call, clock, windows } = monitored(ok, { maxSeries: 3 });
    for (let i = 0; i < 10; i += 1) call(`tool ${i}`);
    await clock.advance(1_000);
    expect(windows().map(({ name, digest }) => [name, digest.count])).toEqual([
      ['tool 0', 1],
      ['tool 1', 1],
      ['tool 2', 1],
      ['__other__', 7],
    ]);
  });

  it('take any name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 2_000 }),
          fc.anything().filter((thing) => thing !== undefined),
        ),
        async (name) => {
          const { call, clock, batches } = monitored(ok);
          expect(call(name)).toEqual({ content: [] });
          await clock.advance(1_000);
          const sent = batches()[0]!.windows[0]!.name;
          expect(sent).toBe(typeof name === 'string' ? name.slice(0, 1_000).toWellFormed() : '__unnamed__');
        },
      ),
      { numRuns: 200 * inject('thoroughness') },
    );
  });
});

describe('a failure', () => {
  const failing: RequestHandler = () =>
    Promise.reject(Object.assign(new RangeError('password=hunter2'), { code: -32000 }));
  const quietly = (call: () => unknown) => (call() as Promise<unknown>).catch(() => {});

  it('is told by class and code, never by message', async () => {
    const { call, clock, batches } = monitored(failing);
    await quietly(call);
    await clock.advance(1_000);
    const [window] = batches()[0]!.windows;
    expect(window!.outcomes).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect(window!.errors).toEqual([{ atMs: expect.any(Number), errorClass: 'RangeError', code: '-32000' }]);
  });

  it('has its message where the author asked for it, scrubbed', async () => {
    const { call, clock, batches } = monitored(failing, { errorMessages: true });
    await quietly(call);
    await clock.advance(1_000);
    expect(batches()[0]!.windows[0]!.errors![0]!.message).toBe('password=[…]');
  });

  it('is kept with the newest twenty', async () => {
    let count = 0;
    const { call, clock, batches } = monitored(() => Promise.reject({ code: String(count++), message: '' }));
    for (let i = 0; i < 30; i += 1) await quietly(call);
    await clock.advance(1_000);
    const codes = batches()[0]!.windows[0]!.errors!.map(({ code }) => code);
    expect(codes).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 10)));
  });
});

describe('a deadline', () => {
  it('makes a time-out of a call that took as long', async () => {
    let finish = (_answer: unknown) => {};
    const slow: RequestHandler = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const { call, clock, batches } = monitored(slow, { deadlineMs: 500 });
    call();
    await clock.advance(500);
    finish({ content: [] });
    await clock.advance(1_000);
    expect(
      batches()
        .flatMap(({ windows }) => windows)
        .map(({ outcomes }) => outcomes),
    ).toEqual([[0, 0, 0, 1, 0, 0, 0]]);
  });
});

describe('flush and shutdown', () => {
  it('send what is open at once', async () => {
    const { call, monitor, batches } = monitored(ok);
    call();
    await monitor.flush();
    expect(batches()[0]!.windows[0]!.digest.count).toBe(1);
    expect(monitor.status).toMatchObject({
      queuedBatches: 0,
      servers: ['server'],
      counters: { recorded: 1, batchesSent: 1 },
    });
  });

  it('leave no timer, and in the spool what could not be sent', async () => {
    const { call, monitor, clock, transport, spool } = monitored(ok);
    transport.answer = { status: 'retryable', reason: 'away' };
    call();
    await monitor.shutdown();
    expect(clock.pendingTimers).toBe(0);
    expect(transport.closed).toBe(true);
    expect(spool.files).toHaveLength(1);
  });
});

describe('servers of one process', () => {
  it('share an entry by name and version, and are limited', () => {
    const { monitor } = createTestMonitor();
    expect(monitor.serverFor('a', '1')).toBe(monitor.serverFor('a', '1'));
    for (let i = 0; i < 2_000; i += 1) monitor.serverFor(`server ${i}`, '1');
    expect(monitor.status.servers).toHaveLength(1_000);
    expect(monitor.serverFor('one more', '1').name).toBe('__other__');
  });
});
