/** How calls overlap and follow each other, with the real SDKs: in sessions, and without any. */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { createMcpHandler, McpServer } from 'mcp-server-2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchCollector } from './batchCollector.ts';
import { SDKS } from './sdks.ts';

const collector = new BatchCollector();
const ANSWER = { content: [{ type: 'text', text: 'fine' }] };

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-relations-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

/** What was counted, by series name. */
async function counted(server: string, kind: SeriesKind): Promise<Record<string, number>> {
  await getMonitor()!.flush();
  const totals: Record<string, number> = {};
  for (const { name, digest } of collector.windowsOf(server, kind)) {
    totals[name] = (totals[name] ?? 0) + (kind === 'follows' ? digest.sum : digest.count);
  }
  return totals;
}

describe.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('%s', (name, sdk) => {
  it('tells calls that run together from those that run alone, and what follows what', async () => {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const server = sdk.createLowLevel(`related ${name}`);
    server.handle({
      list: async () => ANSWER,
      // The third one lets all of them go.
      'get-item': async () => {
        started += 1;
        if (started === 3) open();
        await opened;
        return ANSWER;
      },
    });
    let started = 0;
    withMonitoring(server.server);
    const client = await sdk.connect(server.server);
    await client.callTool({ name: 'list' });
    await Promise.all([1, 2, 3].map(() => client.callTool({ name: 'get-item' })));
    await client.callTool({ name: 'list' });
    await client.close();
    expect(await counted(`related ${name}`, 'tool')).toEqual({ list: 2, 'get-item': 3 });
    expect(await counted(`related ${name}`, 'overlapped')).toEqual({
      'get-item{calls="2"}': 1,
      'get-item{calls="3-4"}': 1,
    });
    expect(await counted(`related ${name}`, 'follows')).toEqual({
      'get-item{after="list"}': 1,
      'get-item{after="get-item"}': 2,
      'list{after="get-item"}': 1,
    });
  });
});

it('a server made for each HTTP request has no sessions, and its calls still overlap', async () => {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let started = 0;
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'stateless', version: '1' });
    server.registerTool('answer', { description: 'Answers.' }, async () => {
      started += 1;
      if (started === 2) open();
      await opened;
      return { content: [{ type: 'text' as const, text: 'fine' }] };
    });
    return withMonitoring(server);
  });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-06-18',
  };
  const call = async (id: number) => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'answer', arguments: {} },
    });
    const answer = await handler.fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body }));
    expect(await answer.text()).toContain('fine');
  };
  await Promise.all([call(1), call(2)]);
  await call(3);
  expect(await counted('stateless', 'tool')).toEqual({ answer: 3 });
  expect(await counted('stateless', 'overlapped')).toEqual({ 'answer{calls="2"}': 1 });
  expect(await counted('stateless', 'follows')).toEqual({});
});
