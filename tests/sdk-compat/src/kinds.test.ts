/** Requests that are no tool calls, time spent waiting for the client, and names that only a client knows. */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import * as clientV2 from 'mcp-client-2';
import * as client1 from 'mcp-sdk-1.32/client/index.js';
import * as memory1 from 'mcp-sdk-1.32/inMemory.js';
import * as server1 from 'mcp-sdk-1.32/server/index.js';
import * as mcp1 from 'mcp-sdk-1.32/server/mcp.js';
import * as types1 from 'mcp-sdk-1.32/types.js';
import * as serverV2 from 'mcp-server-2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BatchCollector } from './batchCollector.ts';

const collector = new BatchCollector();

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-kinds-${randomUUID()}`;
  process.env.MCP_VITALS_RESULT_BYTES = 'on';
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
const info = (name: string) => ({ name, version: '1' });

/** What there is of one kind once everything was sent. */
async function outcomes(serverName: string, kind: SeriesKind) {
  await getMonitor()?.flush();
  return collector.outcomesOf(serverName, kind);
}

async function samples(serverName: string, kind: SeriesKind): Promise<[name: string, count: number, max: number][]> {
  await getMonitor()?.flush();
  return collector.windowsOf(serverName, kind).map(({ name, digest }) => [name, digest.count, digest.max]);
}

/** A server of either version with a tool that asks a person, a prompt, a resource and a template. */
function highLevelV1(name: string) {
  const server = new mcp1.McpServer(info(name));
  server.registerTool('asks', { description: 'Asks' }, async (extra) => {
    const asked = { method: 'elicitation/create' as const, params: { message: 'Go on?', requestedSchema: EMPTY } };
    await Promise.all([
      extra.sendRequest(asked, types1.ElicitResultSchema),
      extra.sendRequest(asked, types1.ElicitResultSchema),
    ]);
    await server.server.elicitInput(asked.params);
    return text('asked');
  });
  server.registerTool('plain', { description: 'Plain' }, async () => text('plain'));
  server.registerPrompt('greet', { argsSchema: { who: z.string() } as never }, (() => ({ messages: [] })) as never);
  server.registerResource('readme', 'docs://readme', {}, async (uri) => ({ contents: [{ uri: uri.href, text: '' }] }));
  const template = new mcp1.ResourceTemplate('users://{id}/profile', { list: undefined });
  server.registerResource('profile', template, {}, async (uri) => ({ contents: [{ uri: uri.href, text: '' }] }));
  return server;
}

const EMPTY = { type: 'object' as const, properties: {} };

async function connectV1(server: mcp1.McpServer | server1.Server, answer: () => Promise<void> = async () => {}) {
  const client = new client1.Client(info('client'), { capabilities: { elicitation: {} } });
  client.setRequestHandler(types1.ElicitRequestSchema, async () => {
    await answer();
    return { action: 'accept' as const, content: {} };
  });
  const [near, far] = memory1.InMemoryTransport.createLinkedPair();
  await server.connect(far);
  await client.connect(near);
  return client;
}

const afterMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('other requests', () => {
  it('are series of their own kinds, named by what the author chose', async () => {
    const name = `kinds-${randomUUID()}`;
    const client = await connectV1(withMonitoring(highLevelV1(name)));
    await client.listTools();
    await client.callTool({ name: 'plain' });
    await client.getPrompt({ name: 'greet', arguments: { who: 'secret' } });
    await client.readResource({ uri: 'docs://readme' });
    await client.readResource({ uri: 'users://secret/profile' });
    await client.readResource({ uri: 'files:///secret' }).catch(() => {});
    await client.close();
    expect(await outcomes(name, 'tool')).toEqual({ plain: { ok: 1 } });
    expect(await outcomes(name, 'prompt')).toEqual({ greet: { ok: 1 } });
    expect(await outcomes(name, 'resource')).toEqual({
      'docs://readme': { ok: 1 },
      profile: { ok: 1 },
      'files:': { protocol_error: 1 },
    });
    expect(await outcomes(name, 'method')).toEqual({ initialize: { ok: 1 }, 'tools/list': { ok: 1 } });
    expect(JSON.stringify(collector.batches)).not.toContain('secret');
  });

  it('are recorded of a low-level server, a resource by its scheme', async () => {
    const name = `low-${randomUUID()}`;
    const server = new serverV2.Server(info(name), { capabilities: { resources: {}, completions: {}, tools: {} } });
    server.setRequestHandler('resources/read', async () => ({ contents: [] }));
    server.setRequestHandler('completion/complete', async () => ({ completion: { values: [] } }));
    const client = new clientV2.Client(info('client'));
    const [near, far] = clientV2.InMemoryTransport.createLinkedPair();
    await withMonitoring(server).connect(far);
    await client.connect(near);
    await client.readResource({ uri: 'docs://secret' });
    await client.complete({ ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: 'b' } });
    await client.close();
    expect(await outcomes(name, 'resource')).toEqual({ 'docs:': { ok: 1 } });
    expect(await outcomes(name, 'method')).toMatchObject({ 'completion/complete': { ok: 1 } });
  });
});

describe('waiting for the client', () => {
  it('is apart from the own time of a tool of v1; questions that overlap count once', async () => {
    const name = `waits-${randomUUID()}`;
    const client = await connectV1(withMonitoring(highLevelV1(name)), () => afterMs(60));
    const startedMs = performance.now();
    await client.callTool({ name: 'asks' });
    const totalMs = performance.now() - startedMs;
    await client.callTool({ name: 'plain' });
    await client.close();
    const [[tool, count, waitedMs]] = (await samples(name, 'wait')) as [[string, number, number]];
    expect([tool, count]).toEqual(['asks', 1]);
    const ownMs = (await samples(name, 'tool')).find(([series]) => series === 'asks')![2];
    // Two at once, then one: the time of two answers, whatever a timer is worth.
    expect(waitedMs).toBeGreaterThanOrEqual(110);
    expect(ownMs + waitedMs).toBeLessThan(totalMs + 1);
  });

  it('is apart from the own time of a tool of v2', async () => {
    const name = `waits-${randomUUID()}`;
    const server = new serverV2.McpServer(info(name), { capabilities: { tools: {} } });
    server.registerTool('asks', { description: 'Asks' }, async (ctx) => {
      await ctx.mcpReq.elicitInput({ message: 'Go on?', requestedSchema: EMPTY });
      return text('asked');
    });
    const client = new clientV2.Client(info('client'), { capabilities: { elicitation: {} } });
    client.setRequestHandler('elicitation/create', async () => {
      await afterMs(60);
      return { action: 'accept', content: {} };
    });
    const [near, far] = clientV2.InMemoryTransport.createLinkedPair();
    await withMonitoring(server).connect(far);
    await client.connect(near);
    const startedMs = performance.now();
    await client.callTool({ name: 'asks' });
    const totalMs = performance.now() - startedMs;
    await client.close();
    const [[tool, count, waitedMs]] = (await samples(name, 'wait')) as [[string, number, number]];
    expect([tool, count]).toEqual(['asks', 1]);
    expect(waitedMs).toBeGreaterThanOrEqual(55);
    expect((await samples(name, 'tool'))[0]![2] + waitedMs).toBeLessThan(totalMs + 1);
  });
});

describe('the size of results', () => {
  it('is that of their JSON', async () => {
    const name = `bytes-${randomUUID()}`;
    const client = await connectV1(withMonitoring(highLevelV1(name)));
    const result = await client.callTool({ name: 'plain' });
    await client.close();
    expect(await samples(name, 'result_bytes')).toEqual([['plain', 1, JSON.stringify(result).length]]);
  });
});

describe('names that only a client knows', () => {
  const flood = Array.from({ length: 2_000 }, (_, index) => `no such tool ${index}`);

  it('end in one series, and leave the tools of an McpServer theirs', async () => {
    const name = `flood-${randomUUID()}`;
    const client = await connectV1(withMonitoring(highLevelV1(name)));
    await Promise.all(flood.map((tool) => client.callTool({ name: tool })));
    await client.callTool({ name: 'plain' });
    await client.close();
    expect(await outcomes(name, 'tool')).toEqual({ __other__: { tool_error: 2_000 }, plain: { ok: 1 } });
  });

  it.each(['listed', 'never listed'])('end in one series on a low-level server whose tools were %s', async (how) => {
    const name = `flood-${randomUUID()}`;
    const server = new server1.Server(info(name), { capabilities: { tools: {} } });
    const tools = [{ name: 'real', inputSchema: EMPTY }];
    server.setRequestHandler(types1.ListToolsRequestSchema, async () => ({ tools }));
    server.setRequestHandler(types1.CallToolRequestSchema, async ({ params }) => {
      if (params.name === 'real' || params.name === 'hidden') return text(params.name);
      throw new Error('unknown tool');
    });
    const client = await connectV1(withMonitoring(server));
    if (how === 'listed') await client.listTools();
    await Promise.allSettled(flood.map((tool) => client.callTool({ name: tool })));
    await client.callTool({ name: 'real' });
    await client.callTool({ name: 'hidden' });
    await client.close();
    const counted = await outcomes(name, 'tool');
    expect(counted).toMatchObject({ real: { ok: 1 }, hidden: { ok: 1 } });
    const own = Object.keys(counted).filter((series) => series.startsWith('no such tool'));
    expect(own).toHaveLength(how === 'listed' ? 0 : 100);
    expect(counted.__other__).toEqual({ protocol_error: 2_000 - own.length });
  });
});
