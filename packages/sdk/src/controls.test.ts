/** Controls from the answer of a collector to the answer of a tool, on a hand-moved clock and a handler map like the SDKs'. */
import type { Policy, ToolPolicy } from '@mcp-vitals/wire/encode';
import { describe, expect, it, vi } from 'vitest';
import type { ControlOptions } from './controlOptions.ts';
import { findServer } from './instrument/dispatch.ts';
import { settle } from './testing/handClock.ts';
import { createTestMonitor } from './testing/testMonitor.ts';
import { instrument } from './withMonitoring.ts';

type Handler = (request: object, extra: object) => unknown;

const READ_ONLY = { readOnlyHint: true, idempotentHint: true };
const policyOf = (tools: Record<string, ToolPolicy>, change: Partial<Policy> = {}): Policy => ({
  server: 'files',
  version: 1,
  leaseMs: 10_000,
  tools,
  ...change,
});
const text = (value: string) => ({ content: [{ type: 'text', text: value }] });

/** A server with one tool, `read`, which answers when it is told to. */
function setUp(controls: ControlOptions, annotations: object = READ_ONLY) {
  const test = createTestMonitor();
  const runs: { signal: AbortSignal; answer(value: unknown): void; fail(error: Error): void }[] = [];
  const handler = vi.fn(
    (_request: object, extra: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => runs.push({ signal: extra.signal, answer: resolve, fail: reject })),
  );
  const registered: Record<string, object> = { read: { annotations, enabled: true, handler } };
  const handlers = new Map<string, Handler>([['tools/call', handler as Handler]]);
  const given = {
    _registeredTools: registered,
    server: { _requestHandlers: handlers, _serverInfo: { name: 'files', version: '1' } },
  };
  const server = instrument(findServer(given)!, test.monitor, { controls });
  const call = (args: object = {}, extra: object = {}, meta?: object) =>
    handlers.get('tools/call')!(
      { params: { name: 'read', arguments: args, ...(meta && { _meta: meta }) } },
      { signal: new AbortController().signal, ...extra },
    ) as Promise<unknown>;
  /** The collector answers with these, from now on. */
  const obey = (...policies: Policy[]) => {
    test.transport.answer = { status: 'success', policies };
    test.monitor.controls.obey(policies);
  };
  const flush = async () => {
    await test.clock.advance(1_000);
    return test.batches().at(-1)!;
  };
  return { ...test, runs, handler, registered, server, call, obey, flush };
}

const LIMIT_1: ToolPolicy = { concurrency: { limit: 1, maxQueued: 1, maxWaitMs: 5_000 } };

describe('what is permitted', () => {
  it('goes into every batch, with the version in force', async () => {
    const { obey, call, runs, flush } = setUp({ rate: true, concurrency: { max: 8 } });
    void call();
    runs[0]!.answer(text('a'));
    expect((await flush()).controls).toEqual([{ server: 0, permitted: ['concurrency', 'rate'], version: 0 }]);
    obey(policyOf({ '*': LIMIT_1 }, { version: 7 }));
    void call();
    expect((await flush()).controls![0]!.version).toBe(7);
  });

  it('is nothing by default, and nothing is on the way of a call then', async () => {
    const { call, runs, flush, obey, handler } = setUp({});
    obey(policyOf({ '*': { concurrency: { limit: 1, maxQueued: 0, maxWaitMs: 0 } } }));
    void call();
    void call();
    expect(handler).toHaveBeenCalledTimes(2);
    runs[0]!.answer(text('a'));
    expect((await flush()).controls).toBeUndefined();
  });

  it.each([
    [{ concurency: true }],
    [{ concurrency: { max: '64' } }],
    [{ concurrency: { min: 9, max: 8 } }],
    [{ cache: { tools: 'read' } }],
    [{ cache: { share: true } }],
    ['all'],
  ])('is nothing where it is not understood: %j', (controls) => {
    const { server, monitor, stderr } = setUp(controls as ControlOptions);
    expect(monitor.controls.of(server)).toBeUndefined();
    expect(stderr).toEqual([expect.stringContaining('option controls is not valid')]);
  });

  it('bounds what is asked, whatever that is', () => {
    const controls = {
      concurrency: { min: 4, max: 8, maxWaitMs: 100 },
      timeout: { minMs: 2_000 },
      rate: { minPerSecond: 5 },
      cache: { tools: ['other'] },
    };
    const { server, monitor, obey } = setUp(controls);
    const asked: ToolPolicy = {
      concurrency: { limit: 1, adaptive: { min: 1, max: 1_000 }, maxQueued: 3, maxWaitMs: 60_000 },
      timeout: { afterMs: 1 },
      rate: { perSecond: 0.001, burst: 1 },
      cache: { ttlMs: 1e6, maxEntries: 5, maxBytes: 1e9 },
      shed: { targetWaitMs: 0 },
    };
    obey(policyOf({ read: asked }));
    expect(monitor.controls.of(server)!.inForce!.tools).toEqual({
      read: {
        concurrency: { limit: 4, adaptive: { min: 4, max: 8 }, maxQueued: 3, maxWaitMs: 100 },
        timeout: { afterMs: 2_000 },
        rate: { perSecond: 5, burst: 1 },
      },
    });
  });
});

describe('a lease', () => {
  it('ends by itself, and whoever waits runs at once', async () => {
    const { call, handler, obey, clock, monitor, server, transport } = setUp({ concurrency: true });
    obey(policyOf({ '*': LIMIT_1 }, { leaseMs: 3_000 }));
    transport.answer = { status: 'retryable', reason: 'the collector is gone' };
    void call();
    void call();
    await clock.advance(2_999);
    expect(handler).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    expect(handler).toHaveBeenCalledTimes(2);
    expect(monitor.controls.of(server)!.inForce).toBeUndefined();
    void call();
    expect(handler).toHaveBeenCalledTimes(3);
  });

  it('is renewed by each answer that brings it, and ended by one that does not', async () => {
    const { obey, clock, monitor, server, transport } = setUp({ concurrency: true });
    for (let i = 0; i < 5; i += 1) {
      obey(policyOf({ '*': LIMIT_1 }, { leaseMs: 3_000 }));
      transport.answer = { status: 'retryable', reason: 'busy' };
      await clock.advance(2_000);
    }
    expect(monitor.controls.of(server)!.inForce).toMatchObject({ version: 1, endsInMs: 1_000 });
    obey(policyOf({ '*': LIMIT_1 }, { server: 'another' }));
    expect(monitor.controls.of(server)!.inForce).toBeUndefined();
  });

  it('is not taken from an older policy', () => {
    const { obey, monitor, server } = setUp({ concurrency: true });
    obey(policyOf({ '*': LIMIT_1 }, { version: 5 }));
    obey(policyOf({}, { version: 4 }));
    expect(monitor.controls.of(server)!.version).toBe(5);
  });

  it('is asked for again at least three times while it lasts, by a server that is idle', async () => {
    const { obey, clock, transport } = setUp({ concurrency: true });
    obey(policyOf({ '*': LIMIT_1 }, { leaseMs: 6_000 }));
    await clock.advance(60_000);
    expect(transport.sent.length).toBeGreaterThanOrEqual(28);
    transport.answer = { status: 'success' };
    await clock.advance(2_000);
    const sent = transport.sent.length;
    await clock.advance(59_000);
    expect(transport.sent.length).toBeLessThanOrEqual(sent + 1);
  });

  it('keeps what goes on under a newer policy', async () => {
    const { obey, call, runs, handler, clock } = setUp({ concurrency: true, cache: true });
    const cache = { ttlMs: 5_000, maxEntries: 5, maxBytes: 1e5 };
    obey(policyOf({ read: { cache } }));
    const first = call();
    runs[0]!.answer(text('a'));
    await first;
    obey(policyOf({ read: { cache: { ...cache, maxEntries: 4 }, ...LIMIT_1 } }, { version: 2 }));
    expect(await call()).toEqual(text('a'));
    expect(handler).toHaveBeenCalledTimes(1);
    obey(policyOf({}, { version: 3 }));
    void call();
    await clock.advance(0);
    expect(handler).toHaveBeenCalledTimes(2);
  });
});

describe('refused calls', () => {
  it('say what happened, by whom, and when to try again, and are recorded as what they are', async () => {
    const { obey, call, flush } = setUp({ rate: { minPerSecond: 0.1 } });
    obey(policyOf({ read: { rate: { perSecond: 0.5, burst: 1 } } }, { version: 12 }));
    void call();
    const refused = (await call()) as { content: { text: string }[]; isError: boolean; _meta: object };
    expect(refused.isError).toBe(true);
    expect(refused.content[0]!.text).toBe(
      'mcp-vitals (policy v12) refused this call: this tool has been called too often lately. The tool did not run. Try again in 2 s.',
    );
    expect(refused._meta).toEqual({ 'mcp-vitals/refusal': { code: 'rate_limited', policy: 12, retryAfterMs: 2_000 } });
    const { windows } = await flush();
    const window = windows.find(({ kind, name }) => kind === 'tool' && name === 'read')!;
    expect(window.outcomes[1]).toBe(1);
    expect(window.errors).toMatchObject([{ errorClass: 'McpVitalsRefusal', code: 'rate_limited' }]);
    expect(windows.find(({ kind }) => kind === 'counter')).toMatchObject({
      name: 'mcp_vitals_controls{event="rate_limited",tool="read"}',
      outcomes: [1, 0, 0, 0, 0, 0, 0],
    });
  });

  it('count with what they waited, and cancelled ones never run', async () => {
    const { obey, call, handler, clock, flush } = setUp({ concurrency: true });
    obey(policyOf({ read: { concurrency: { limit: 1, maxQueued: 5, maxWaitMs: 400 } } }));
    const abort = new AbortController();
    void call();
    const cancelled = call({}, { signal: abort.signal });
    const expired = call();
    await clock.advance(100);
    abort.abort('no longer wanted');
    await expect(cancelled).rejects.toBe('no longer wanted');
    await clock.advance(300);
    expect(await expired).toMatchObject({ isError: true });
    expect(handler).toHaveBeenCalledTimes(1);
    const { windows } = await flush();
    const tool = windows.find(({ kind }) => kind === 'tool')!;
    expect(tool.outcomes).toEqual([0, 1, 0, 0, 1, 0, 0]);
    expect(tool.digest.max).toBe(400);
    expect(windows.find(({ kind }) => kind === 'queued')!.digest.max).toBe(400);
  });
});

describe('a time-out', () => {
  it('answers in the tool’s place, tells the tool, and drops what it says later', async () => {
    const { obey, call, runs, clock, flush } = setUp({ timeout: true });
    obey(policyOf({ read: { timeout: { afterMs: 3_000 } } }));
    const extra = { signal: new AbortController().signal };
    const answer = call({}, extra);
    await clock.advance(3_000);
    expect(await answer).toMatchObject({ isError: true, _meta: { 'mcp-vitals/refusal': { code: 'timeout' } } });
    expect(runs[0]!.signal.reason).toMatchObject({ name: 'TimeoutError' });
    expect(extra.signal.aborted).toBe(false);
    runs[0]!.fail(new Error('late'));
    const [window] = (await flush()).windows.filter(({ kind }) => kind === 'tool');
    expect(window).toMatchObject({ outcomes: [0, 0, 0, 1, 0, 0, 0], errors: [{ code: 'timeout' }] });
  });

  it('leaves a call alone that is in time, and passes on that the client cancels', async () => {
    const { obey, call, runs, clock } = setUp({ timeout: true });
    obey(policyOf({ read: { timeout: { afterMs: 3_000 } } }));
    const abort = new AbortController();
    const [inTime, cancelled] = [call(), call({}, { signal: abort.signal })];
    await clock.advance(2_999);
    runs[0]!.answer(text('in time'));
    expect(await inTime).toEqual(text('in time'));
    abort.abort('not wanted');
    expect(runs[1]!.signal.reason).toBe('not wanted');
    runs[1]!.fail(new Error('stopped'));
    await expect(cancelled).rejects.toThrow('stopped');
    await clock.advance(5_000);
    expect(runs[0]!.signal.aborted).toBe(false);
  });

  it('does not make room while the tool goes on all the same', async () => {
    const { obey, call, runs, handler, clock } = setUp({ timeout: true, concurrency: true });
    obey(policyOf({ read: { timeout: { afterMs: 1_000 }, ...LIMIT_1 } }, { leaseMs: 60_000 }));
    void call();
    void call();
    await clock.advance(2_000);
    expect(handler).toHaveBeenCalledTimes(1);
    runs[0]!.answer(text('late'));
    await clock.advance(0);
    expect(handler).toHaveBeenCalledTimes(2);
  });
});

const CACHE: ToolPolicy = { cache: { ttlMs: 60_000, maxEntries: 100, maxBytes: 1e6 } };

describe('answers that are given again', () => {
  /** How often the tool runs for two calls, one after the other. */
  async function runsFor(
    test: ReturnType<typeof setUp>,
    [first, second]: [Parameters<typeof test.call>, Parameters<typeof test.call>],
  ) {
    const answered = test.call(...first);
    test.runs[0]!.answer(text('a'));
    await answered;
    void test.call(...second);
    await settle();
    return test.handler.mock.calls.length;
  }

  it.each([
    ['read-only and idempotent', READ_ONLY, true, 1],
    ['read-only', { readOnlyHint: true }, true, 2],
    ['read-only, and named', { readOnlyHint: true }, { tools: ['read'] }, 1],
    ['idempotent alone, and named', { idempotentHint: true }, { tools: ['read'] }, 2],
    ['destructive, and named', { ...READ_ONLY, destructiveHint: true }, { tools: ['read'] }, 2],
    ['without annotations, and named', {}, { tools: ['read'] }, 2],
    ['not named', READ_ONLY, { tools: ['other'] }, 2],
  ] as const)('are those of a tool that is %s', async (_, annotations, cache, runs) => {
    const test = setUp({ cache: cache as ControlOptions['cache'] }, annotations);
    test.obey(policyOf({ '*': CACHE }));
    expect(await runsFor(test, [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]])).toBe(runs);
  });

  it.each([
    ['other arguments', [{ a: 1 }], [{ a: 2 }]],
    ['another session', [{}, { sessionId: 's1' }], [{}, { sessionId: 's2' }]],
    ['another token of the same client', [{}, auth('t1')], [{}, auth('t2')]],
    ['HTTP without anything that says who asks', [{}, { requestInfo: {} }], [{}, { requestInfo: {} }]],
    ['progress', [{}], [{}, {}, { progressToken: 1 }]],
    ['an unknown thing in _meta', [{}], [{}, {}, { locale: 'fi' }]],
  ] as const)('are not given to %s', async (_, first, second) => {
    const test = setUp({ cache: true });
    test.obey(policyOf({ '*': CACHE }));
    expect(await runsFor(test, [[...first], [...second]] as never)).toBe(2);
  });

  it('may be given to anybody where the author says so, and traces make no difference', async () => {
    const test = setUp({ cache: { shared: true } });
    test.obey(policyOf({ '*': CACHE }));
    const second = [{}, { sessionId: 's2' }, { traceparent: '00-1' }] as const;
    expect(await runsFor(test, [[{}, { sessionId: 's1' }], [...second]])).toBe(1);
  });

  it('are gone when the tool runs other code, and not given while it is disabled', async () => {
    const test = setUp({ cache: true });
    test.obey(policyOf({ '*': CACHE }));
    Object.assign(test.registered.read!, { enabled: false });
    expect(await runsFor(test, [[], []])).toBe(2);
    Object.assign(test.registered.read!, { enabled: true });
    test.runs[1]!.answer(text('b'));
    const kept = test.call();
    test.runs[2]!.answer(text('kept'));
    await kept;
    expect(await test.call()).toEqual(text('kept'));
    Object.assign(test.registered.read!, { handler: () => text('new') });
    void test.call();
    expect(test.handler).toHaveBeenCalledTimes(4);
  });

  it('are never errors', async () => {
    const test = setUp({ cache: true });
    test.obey(policyOf({ '*': CACHE }));
    const failed = test.call();
    test.runs[0]!.answer({ ...text('no'), isError: true });
    await failed;
    void test.call();
    expect(test.handler).toHaveBeenCalledTimes(2);
  });
});

function auth(token: string) {
  return { authInfo: { token, clientId: 'one client for all' } };
}

describe('calls that become one', () => {
  it('run once, each with an answer of its own', async () => {
    const { obey, call, runs, handler, flush } = setUp({ coalesce: true });
    obey(policyOf({ '*': { coalesce: {} } }));
    const calls = [call({ a: 1 }), call({ a: 1 }), call({ a: 2 })];
    expect(handler).toHaveBeenCalledTimes(2);
    runs[0]!.answer(text('one'));
    const [first, second] = (await Promise.all(calls.slice(0, 2))) as ReturnType<typeof text>[];
    expect(second).toEqual(first);
    first!.content[0]!.text = 'changed';
    expect(second).toEqual(text('one'));
    const counter = (await flush()).windows.find(({ kind }) => kind === 'counter');
    expect(counter!.name).toBe('mcp_vitals_controls{event="coalesced",tool="read"}');
    void call({ a: 1 });
    expect(handler).toHaveBeenCalledTimes(3);
  });

  it('fail together, and are cancelled for themselves', async () => {
    const { obey, call, runs } = setUp({ coalesce: true });
    obey(policyOf({ '*': { coalesce: {} } }));
    const aborts = [new AbortController(), new AbortController()];
    const calls = aborts.map(({ signal }) => call({}, { signal }));
    aborts[0]!.abort('first');
    await expect(calls[0]).rejects.toBe('first');
    expect(runs[0]!.signal.aborted).toBe(false);
    runs[0]!.fail(new Error('broken'));
    await expect(calls[1]).rejects.toThrow('broken');
  });

  it('are told to stop when nobody waits any more', async () => {
    const { obey, call, runs, handler } = setUp({ coalesce: true });
    obey(policyOf({ '*': { coalesce: {} } }));
    const aborts = [new AbortController(), new AbortController()];
    const calls = aborts.map(({ signal }) => call({}, { signal }).catch((reason) => reason as unknown));
    for (const abort of aborts) abort.abort('left');
    expect(await Promise.all(calls)).toEqual(['left', 'left']);
    expect(runs[0]!.signal.aborted).toBe(true);
    void call();
    expect(handler).toHaveBeenCalledTimes(2);
  });
});

it('names that no tool has make nothing grow', async () => {
  const { obey, monitor, server, call, handler } = setUp({ concurrency: true });
  obey(policyOf({ '*': LIMIT_1 }));
  const controls = monitor.controls.of(server)!;
  expect(controls.of('no such tool', () => false)).toBeUndefined();
  const ways = new Set(Array.from({ length: 1_000 }, (_, i) => controls.of(`perhaps ${i}`, () => undefined)));
  expect(ways.size).toBeLessThanOrEqual(201);
  void call();
  expect(handler).toHaveBeenCalledTimes(1);
});

it('servers of the same name do not get what only another author permits', () => {
  const { monitor, server, stderr } = setUp({ concurrency: true });
  const permissions = monitor.controls.of(server)!.permissions;
  expect(monitor.controls.permit(server, { ...permissions })).toBe(monitor.controls.of(server));
  expect(monitor.controls.permit(server, { shed: { tools: undefined } })).toBeUndefined();
  expect(stderr).toEqual([expect.stringContaining('different controls')]);
});
