import { Client } from '@modelcontextprotocol/client';
import { createMcpHandler, InMemoryTransport, type Server } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, it } from 'vitest';
import { VitalsError } from '../errors.ts';
import { createMcpServer, TOOL_LIST } from './mcp.ts';
import type { ToolBackend, ToolCaller } from './toolBackend.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const CALLER: ToolCaller = { client: 'me', scope: 'read' };

let errors: unknown[];
let server: Server;
let client: Client;

afterEach(() => client.close());

async function connect(call: ToolBackend['call']): Promise<void> {
  errors = [];
  server = createMcpServer({
    backend: { call },
    caller: CALLER,
    version: '1.2.3',
    nowMs: () => NOW_MS,
    onError: (e) => errors.push(e),
  });
  client = new Client({ name: 'test', version: '1' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(ours);
  await client.connect(theirs);
}

const dashboard = {
  timestamp: '2025-10-31T13:00:00.000Z',
  mcpServers: [],
  activeAlerts: 0,
  recentAnomalies: 0,
  systemHealth: 'healthy',
};

describe('createMcpServer', () => {
  it('says who it is and lists the tools', async () => {
    await connect(() => Promise.reject(new Error('not called')));
    expect(client.getServerVersion()).toMatchObject({ name: 'mcp-vitals', version: '1.2.3' });
    expect((await client.listTools()).tools).toEqual(TOOL_LIST.tools);
  });

  it('asks the backend, as the caller it was made for', async () => {
    const calls: unknown[] = [];
    await connect(async (...call) => {
      calls.push(call);
      return { content: [{ type: 'text', text: 'fine' }], structuredContent: dashboard };
    });
    const result = await client.callTool({ name: 'get_performance_dashboard', arguments: { refreshInterval: 5 } });
    expect(result).toMatchObject({ content: [{ type: 'text', text: 'fine' }], structuredContent: dashboard });
    expect(calls).toEqual([
      ['get_performance_dashboard', { refreshInterval: 5 }, CALLER, { signal: expect.any(AbortSignal) }],
    ]);
  });

  it('answers an unknown tool with the protocol error for wrong parameters', async () => {
    await connect(() => Promise.reject(new Error('not called')));
    await expect(client.callTool({ name: 'no_such_tool' })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Tool "no_such_tool" not found'),
    });
  });

  it('turns a backend that cannot answer into a result that says so', async () => {
    await connect(() => Promise.reject(new VitalsError('unavailable', 'No collector answers', { hint: 'Start one.' })));
    expect(await client.callTool({ name: 'get_active_alerts' })).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'No collector answers\nStart one.' }],
    });
    expect(errors).toEqual([]);
  });

  it('speaks both eras over HTTP from one factory', async () => {
    await connect(() => Promise.reject(new Error('not called')));
    const call: ToolBackend['call'] = async () => ({ content: [], structuredContent: dashboard });
    const handler = createMcpHandler(() =>
      createMcpServer({
        backend: { call },
        caller: CALLER,
        version: '1',
        nowMs: () => NOW_MS,
        onError: (error) => errors.push(error),
      }),
    );
    const post = async (headers: Record<string, string>, message: object) => {
      const response = await handler.fetch(
        new Request('http://localhost/mcp', {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
        }),
      );
      return response.text();
    };
    const legacy = await post({ 'mcp-protocol-version': '2025-06-18' }, { method: 'tools/list', params: {} });
    expect(legacy).toContain('"name":"track_performance"');
    expect(legacy).toContain('"_meta":{"ui":{"resourceUri":"ui://mcp-vitals/dashboard"}}');
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const modern = (method: string, params: object = {}, headers: Record<string, string> = {}) =>
      post(
        { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...headers },
        { method, params: { ...params, _meta: envelope } },
      );
    expect(await modern('tools/list')).toContain('"name":"track_performance"');
    for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list']) {
      expect(await modern(method), method).toContain('"ttlMs":3600000,"cacheScope":"public"');
    }
    const read = (uri: string) => modern('resources/read', { uri }, { 'mcp-name': uri });
    expect(await read('mcp-vitals://dashboard')).toContain('"ttlMs":0,"cacheScope":"private"');
    await handler.close();
  });
});
