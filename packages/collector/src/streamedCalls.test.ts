/** A call that takes its time, through the doors of a real collector: streamed, cancelled, left, and refused. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDiscovery } from './daemon/discovery.ts';
import { attach, type Remote } from './daemon/remote.ts';
import type { ToolProgress } from './serve/toolBackend.ts';
import { startTestCollector, type TestCollector } from './testing/testCollector.ts';

const CALLER = { client: 'test', scope: 'admin' } as const;
const LONG = { durationSeconds: 600, metrics: ['memory'] };

let collector: TestCollector;
let remote: Remote;
beforeAll(async () => {
  collector = await startTestCollector(['analysis.maxMonitors=2']);
  remote = await attach(readDiscovery(collector.dataDir)!, collector.token('admin'), Date.now);
});
afterAll(async () => {
  await remote.close();
  await collector.stop();
});

const monitor = (args: object, control?: Parameters<Remote['callTool']>[3]) =>
  remote.callTool('monitor_performance', args, CALLER, control);

/** The lines of a call that has begun. */
async function stream(args: object): Promise<AsyncIterator<string>> {
  const { body } = await post(args, 'application/x-ndjson', AbortSignal.timeout(60_000));
  return createInterface(Readable.fromWeb(body as never))[Symbol.asyncIterator]();
}

const nextLine = async (lines: AsyncIterator<string>) => JSON.parse((await lines.next()).value as string);

describe('through an attached process', () => {
  it('it tells how far it is, and is ended with what it has', async () => {
    const cancelling = new AbortController();
    const told: ToolProgress[] = [];
    const { structuredContent, isError } = await monitor(LONG, {
      signal: cancelling.signal,
      onProgress(progress) {
        told.push(progress);
        if (told.length === 2) cancelling.abort();
      },
    });
    expect(isError).toBeUndefined();
    expect(structuredContent).toMatchObject({ cancelled: true, columns: ['time', 'memoryMb', 'memoryPercent'] });
    expect((structuredContent as { samples: unknown[] }).samples.length).toBeGreaterThanOrEqual(1);
    expect(told[0]).toMatchObject({ total: 600 });
    expect(told[1]!.progress).toBeGreaterThan(told[0]!.progress);
  });

  it('it is ended as well when that was wanted before it had begun', async () => {
    const answer = await monitor(LONG, { signal: AbortSignal.abort() });
    expect(answer.structuredContent).toMatchObject({ cancelled: true });
  });

  it('what was wrong is said as without a stream', async () => {
    const unknown = await monitor({ mcpServer: 'nobody' });
    expect(unknown).toMatchObject({ isError: true });
    expect(unknown.content[0]).toMatchObject({ text: expect.stringContaining('No server "nobody" has reported') });
    const wrong = await monitor({ durationSeconds: 5, intervalSeconds: 10 });
    expect(wrong.content[0]).toMatchObject({ text: expect.stringContaining('longer than durationSeconds') });
    await expect(remote.callTool('no_such_tool', {}, CALLER)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('over HTTP', () => {
  it('a line says at once how the call is cancelled, which nobody else may', async () => {
    const lines = await stream(LONG);
    const { call } = await nextLine(lines);
    const path = `/api/v1/calls/${call}`;
    const other = { 'x-mcp-vitals-client': 'somebody else' };
    expect((await collector.ask(path, { method: 'DELETE', scope: 'read', headers: other })).status).toBe(404);
    expect((await collector.ask(path, { method: 'DELETE', scope: 'read' })).json()).toEqual({ cancelled: true });
    let last = await nextLine(lines);
    while (!('result' in last)) last = await nextLine(lines);
    expect(last.result.structuredContent).toMatchObject({ cancelled: true });
    expect((await lines.next()).done).toBe(true);
    expect((await collector.ask(path, { method: 'DELETE', scope: 'read' })).status).toBe(404);
  });

  it.each([
    ['reads a stream', 'application/x-ndjson'],
    ['waits for one answer', 'application/json'],
  ])('a caller that %s and goes away makes room for others', async (_, accept) => {
    const leaving = new AbortController();
    const both = [1, 2].map(() => post(LONG, accept, leaving.signal));
    const refusal = async () => {
      // It never takes a place itself.
      const answer = await collector.app.backend.call('monitor_performance', { mcpServer: 'nobody' }, CALLER);
      return (answer.content[0] as { text: string }).text;
    };
    await expect.poll(refusal, { timeout: 15_000 }).toMatch(/^2 monitors run already/);
    leaving.abort();
    await Promise.allSettled(both.map(async (asking) => (await asking).text()));
    await expect.poll(refusal, { timeout: 15_000 }).toMatch(/^No server "nobody" has reported/);
  });
});

function post(args: object, accept: string, signal: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${collector.token('read')}`, 'content-type': 'application/json', accept };
  const url = new URL('/api/v1/tools/monitor_performance', collector.app.url);
  return fetch(url, { method: 'POST', body: JSON.stringify(args), headers, signal });
}
