/** What only v2 has: a server made for each HTTP request, and tools that answer by asking for input. */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { Client, StreamableHTTPClientTransport } from 'mcp-client-2';
import { createMcpHandler, inputRequired, McpServer } from 'mcp-server-2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BatchCollector } from './batchCollector.ts';

const collector = new BatchCollector();

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-compat-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

it('a server made for each request is monitored under one name', async () => {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'per-request', version: '1' });
    server.registerTool('answer', { description: 'Answers.' }, () => ({ content: [{ type: 'text', text: 'fine' }] }));
    return withMonitoring(server);
  });
  const call = (id: number) =>
    handler.fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-06-18',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'answer', arguments: {} } }),
      }),
    );
  for (let id = 1; id <= 5; id += 1) expect(await (await call(id)).text()).toContain('fine');
  await getMonitor()!.flush();
  expect(collector.outcomesOf('per-request')).toEqual({ answer: { ok: 5 } });
  expect(collector.batches.at(-1)!.servers).toEqual([{ name: 'per-request', version: '1' }]);
});

it('an answer that asks for input is no call, the one after it is', async () => {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'asking', version: '1' });
    server.registerTool('ask', { description: 'Asks.' }, (ctx) => {
      if (ctx.mcpReq.inputResponses?.confirm) return { content: [{ type: 'text', text: 'confirmed' }] };
      const requestedSchema = { type: 'object' as const, properties: { confirm: { type: 'boolean' as const } } };
      return inputRequired({ inputRequests: { confirm: inputRequired.elicit({ message: 'Sure?', requestedSchema }) } });
    });
    return withMonitoring(server);
  });
  const client = new Client(
    { name: 'suite', version: '0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirm: true } }));
  const url = new URL('http://localhost/mcp');
  await client.connect(
    new StreamableHTTPClientTransport(url, { fetch: (at, init) => handler.fetch(new Request(at, init)) }),
  );
  expect(await client.callTool({ name: 'ask' })).toMatchObject({ content: [{ text: 'confirmed' }] });
  await client.close();
  await getMonitor()!.flush();
  expect(collector.outcomesOf('asking')).toEqual({ ask: { input_required: 1, ok: 1 } });
});
