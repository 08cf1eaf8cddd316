/** Which client calls, as the real SDKs tell: in `initialize`, and with each request since revision 2026-07-28. */
import { randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { Client, StreamableHTTPClientTransport } from 'mcp-client-2';
import { createMcpHandler, McpServer } from 'mcp-server-2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BatchCollector } from './batchCollector.ts';
import { SDKS } from './sdks.ts';

const collector = new BatchCollector();
const ANSWER = { content: [{ type: 'text' as const, text: 'fine' }] };

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-clients-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

/** Calls by series name. */
async function counted(server: string): Promise<Record<string, number>> {
  await getMonitor()!.flush();
  const totals: Record<string, number> = {};
  for (const { name, digest } of collector.windowsOf(server, 'by_client')) {
    totals[name] = (totals[name] ?? 0) + digest.count;
  }
  return totals;
}

it.each(SDKS.map((sdk) => [sdk.name, sdk] as const))('%s says it for each session', async (name, sdk) => {
  const serverName = `called ${name}`;
  const session = async (client: string) => {
    const low = sdk.createLowLevel(serverName);
    low.handle({ 'get-item': () => ANSWER });
    return sdk.connect(withMonitoring(low.server), client);
  };
  const [first, second] = [await session('claude-code'), await session('cursor')];
  for (const client of [first, second, first, second]) await client.callTool({ name: 'get-item' });
  await Promise.all([first.close(), second.close()]);
  // Before the second one called there was nothing to tell apart.
  expect(await counted(serverName)).toEqual({ 'get-item{client="cursor"}': 2, 'get-item{client="claude-code"}': 1 });
});

it('is said with each request where a server is made for each', async () => {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'called modern', version: '1' });
    server.registerTool('answer', { description: 'Answers.' }, () => ANSWER);
    return withMonitoring(server);
  });
  const connected = async (name: string) => {
    const client = new Client({ name, version: '9' }, { versionNegotiation: { mode: 'auto' } });
    const fetch = (at: string | URL, init?: RequestInit) => handler.fetch(new Request(at, init));
    await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch }));
    return client;
  };
  const [first, second] = [await connected('claude-code'), await connected('cursor')];
  for (const client of [first, second, first]) await client.callTool({ name: 'answer' });
  await Promise.all([first.close(), second.close()]);
  expect(await counted('called modern')).toEqual({ 'answer{client="cursor"}': 1, 'answer{client="claude-code"}': 1 });
  expect(JSON.stringify(collector.batches)).not.toContain('"9"');
});
