import { parseSeriesName, type Window } from '@mcp-vitals/wire/decode';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { RequestHandler } from '../instrument/dispatch.ts';
import { MonitorOfServer } from '../monitorOfServer.ts';
import type { MonitoringOptions } from '../options.ts';
import { createTestMonitor } from '../testing/testMonitor.ts';
import { instrument } from '../withMonitoring.ts';
import { MAX_CLIENT_SERIES, MAX_CLIENTS } from './clients.ts';

const ANSWER = { content: [] };

interface Call {
  /** What the client said in `initialize`, and with the request. */
  said?: unknown;
  saidInRequest?: unknown;
  sessionId?: string;
  http?: boolean;
  tool?: string;
  takesMs?: number;
}

/** Calls of any clients to server objects of one server. */
function monitored(options: MonitoringOptions = {}) {
  const test = createTestMonitor(options);
  const newServer = () => {
    const handlers = new Map<string, RequestHandler>([
      ['tools/call', (_request, extra) => (extra as { work: Promise<unknown> }).work],
    ]);
    let said: unknown;
    const lowLevel = { getClientVersion: () => said };
    instrument({ given: {}, lowLevel, handlers, name: 'server', version: '1' }, test.monitor, {});
    return async (call: Call) => {
      said = call.said;
      const { sessionId, tool = 'read', takesMs = 1 } = call;
      const clientInfo = call.saidInRequest;
      const mcpReq =
        clientInfo === undefined ? undefined : { envelope: { 'io.modelcontextprotocol/clientInfo': clientInfo } };
      let answer = (_answer: unknown) => {};
      const work = new Promise((resolve) => {
        answer = resolve;
      });
      handlers.get('tools/call')!(
        { params: { name: tool } },
        { sessionId, mcpReq, work, http: call.http ? {} : undefined },
      );
      await test.clock.advance(takesMs);
      answer(ANSWER);
      await work;
    };
  };
  const windows = async () => {
    await test.monitor.flush();
    return test.batches().flatMap((batch) => batch.windows.filter(({ kind }) => kind === 'by_client'));
  };
  return { ...test, newServer, windows };
}

const named = (name: unknown) => ({ name, version: '1.2.3' });

/** Calls by series name. */
function counts(windows: readonly Window[]): Record<string, number> {
  const byName: Record<string, number> = {};
  for (const { name, digest } of windows) byName[name] = (byName[name] ?? 0) + digest.count;
  return byName;
}

describe('whose calls they are', () => {
  it('is not said where one client calls, or nobody knows which', async () => {
    const { newServer, windows } = monitored();
    for (const said of [named('claude-code'), undefined, {}, named(''), named(7), null]) await newServer()({ said });
    expect(await windows()).toEqual([]);
  });

  it('is said from the second client on, with what their calls took and how they ended', async () => {
    const { newServer, windows } = monitored();
    const [one, other] = [newServer(), newServer()];
    await one({ said: named('claude-code'), takesMs: 5 });
    await other({ said: named('cursor'), takesMs: 300 });
    await one({ said: named('claude-code'), takesMs: 7 });
    expect((await windows()).map(({ name, digest, outcomes }) => [name, digest.max, outcomes[0]])).toEqual([
      ['read{client="cursor"}', 300, 1],
      ['read{client="claude-code"}', 7, 1],
    ]);
  });

  it('is what the request says, where it says it', async () => {
    const { newServer, windows } = monitored();
    const call = newServer();
    for (const name of ['a', 'b', 'b']) await call({ said: named('gateway'), saidInRequest: named(name), http: true });
    expect(counts(await windows())).toEqual({ 'read{client="b"}': 2 });
  });

  it('is not known over HTTP without sessions: a server object keeps who came last', async () => {
    const { newServer, windows } = monitored();
    const call = newServer();
    for (const name of ['a', 'b', 'c']) await call({ said: named(name), http: true });
    expect(await windows()).toEqual([]);
    for (const name of ['a', 'b', 'c']) await call({ said: named(name), http: true, sessionId: name });
    expect(counts(await windows())).toEqual({ 'read{client="b"}': 1, 'read{client="c"}': 1 });
  });

  it('follows a server object that is connected anew', async () => {
    const { newServer, windows } = monitored();
    const call = newServer();
    for (const name of ['a', 'b', 'a']) await call({ said: named(name) });
    expect(counts(await windows())).toEqual({ 'read{client="b"}': 1, 'read{client="a"}': 1 });
  });

  it('is nothing of tools without a series of their own', async () => {
    const { newServer, windows } = monitored({ maxSeries: 1 });
    const call = newServer();
    for (const tool of ['read', 'write']) for (const name of ['a', 'b']) await call({ said: named(name), tool });
    expect(counts(await windows())).toEqual({ 'read{client="b"}': 1 });
  });

  it('does not get in the way of a call', async () => {
    const { newServer, batches, monitor } = monitored();
    const hostile = {
      get name(): string {
        throw new Error('no');
      },
    };
    await newServer()({ said: hostile });
    await monitor.flush();
    expect(batches().flatMap((batch) => batch.windows.map(({ kind, name }) => [kind, name]))).toEqual([
      ['tool', 'read'],
    ]);
  });
});

describe('clients that have any name they like', () => {
  it('are a bounded number, and the rest is one', async () => {
    const { newServer, windows } = monitored();
    const call = newServer();
    for (let i = 0; i < 50; i += 1) await call({ said: named(`client ${i}`) });
    const seen = counts(await windows());
    expect(Object.keys(seen)).toHaveLength(MAX_CLIENTS);
    expect(seen['read{client="__other__"}']).toBe(50 - MAX_CLIENTS);
  });

  it('take the place of no tool, and have a bounded number of series', async () => {
    const { newServer, windows, batches } = monitored({ maxSeries: 60 });
    const call = newServer();
    for (let tool = 0; tool < 60; tool += 1) {
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await call({ said: named(name), tool: `tool ${tool}` });
    }
    expect(Object.keys(counts(await windows()))).toHaveLength(MAX_CLIENT_SERIES);
    const tools = batches().flatMap((batch) => batch.windows.filter(({ kind }) => kind === 'tool'));
    expect(new Set(tools.map(({ name }) => name)).size).toBe(60);
  });

  it('are read back as they are, up to 60 characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 150 }), async (name) => {
        fc.pre(name !== 'first' && name !== '__other__');
        const { newServer, windows } = monitored();
        const call = newServer();
        await call({ said: named('first') });
        await call({ said: named(name), tool: 'a{b' });
        const [window] = await windows();
        expect(parseSeriesName(window!.name)).toEqual({
          name: 'a_b',
          labels: { client: name.slice(0, 60).toWellFormed() },
        });
      }),
      { numRuns: 100 * inject('thoroughness') },
    );
  });
});

it('whoever dispatches calls alone says whose they are', async () => {
  const { monitor, windows } = monitored();
  const own = new MonitorOfServer(monitor, monitor.serverFor('server', '1'));
  own.begin('read', 'tool', { client: 'a', session: '1' }).end();
  own.begin('read', 'tool', { client: 'b' }).end();
  own.begin('read', 'tool', { session: '1', client: 'a' }).end();
  own.begin('read', 'tool', { session: '1' }).end();
  own.begin('read', 'prompt', { client: 'c' }).end();
  expect(counts(await windows())).toEqual({ 'read{client="a"}': 1, 'read{client="b"}': 1 });
});
