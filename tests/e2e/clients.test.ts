/** Two real clients of one HTTP server, of which one asks for what takes long: the analysis says whose calls are slow. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Bottleneck } from '../../packages/collector/src/model/bottleneck.ts';
import { startTestCollector, type TestCollector } from '../../packages/collector/src/testing/testCollector.ts';

const SERVER = 'shared search';
/** Names are the clients' own. */
const HASTY = 'claude-code';
const THOROUGH = '<b>"thorough"</b>\n';
const FOUND = { timeout: 60_000, interval: 500 };

type Finished = (end: () => Promise<void>) => void;

/** A server object for each session, as the SDK has it. */
async function startSearch(onFinished: Finished): Promise<string> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const connect = async () => {
    const server = withMonitoring(new McpServer({ name: SERVER, version: '1' }));
    server.registerTool('search', { inputSchema: { isThorough: z.boolean() } }, async ({ isThorough }) => {
      await sleep(isThorough ? 60 : 5);
      return { content: [{ type: 'text', text: 'found' }] };
    });
    server.registerTool('look_up', {}, async () => {
      await sleep(20);
      return { content: [{ type: 'text', text: 'looked up' }] };
    });
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await server.connect(transport);
    return transport;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const transport = sessions.get(String(request.headers['mcp-session-id'])) ?? (await connect());
    await transport.handleRequest(request, response);
  };
  const http = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onFinished(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
}

/** Calls one after the other until the test has seen enough. */
async function keepSearching(url: string, name: string, isThorough: boolean, onFinished: Finished): Promise<void> {
  const client = new Client({ name, version: '2.0.1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  let isOver = false;
  const search = async () => {
    while (!isOver) {
      await client.callTool({ name: 'search', arguments: { isThorough } });
      await client.callTool({ name: 'look_up' });
    }
  };
  const searching = search();
  onFinished(async () => {
    isOver = true;
    await searching;
    await client.close();
  });
}

interface Analysis {
  bottlenecks: (Omit<Bottleneck, 'server'> & { mcpServer: string })[];
}

async function analyse(
  collector: TestCollector,
  report?: 'html',
): Promise<{ structuredContent: Analysis; text: string }> {
  const body = { scope: 'server', mcpServer: SERVER, severityThreshold: 'low', ...(report && { report }) };
  const answer = await collector.ask('/api/v1/tools/analyze_bottlenecks', { scope: 'read', method: 'POST', body });
  const { structuredContent, content } = answer.json() as { structuredContent: Analysis; content: { text: string }[] };
  return { structuredContent, text: content[0]!.text };
}

it('whose calls are slow is said by name', async ({ onTestFinished }) => {
  const collector = await startTestCollector();
  onTestFinished(() => collector.stop());
  process.env.MCP_VITALS_URL = collector.app.url;
  process.env.MCP_VITALS_DATA = collector.dataDir;
  process.env.MCP_VITALS_WINDOW_MS = '200';
  process.env.MCP_VITALS_BATCH_INTERVAL_MS = '200';
  onTestFinished(() => getMonitor()!.shutdown());
  const url = await startSearch(onTestFinished);
  await keepSearching(url, HASTY, false, onTestFinished);
  await keepSearching(url, THOROUGH, true, onTestFinished);

  const found = async () => {
    const { bottlenecks = [] } = (await analyse(collector)).structuredContent ?? {};
    return bottlenecks.filter(({ cause }) => cause === 'slow_for_client');
  };
  await expect.poll(found, FOUND).toMatchObject([{ clients: [THOROUGH], tools: ['search'], mcpServer: SERVER }]);
  const [finding] = await found();
  const numberOf = (name: string) => finding!.evidence.find((item) => item.name === name)!.value;
  expect(numberOf('p95 of its calls')).toBeGreaterThan(60);
  expect(numberOf('times as slow as for the others')).toBeGreaterThan(1.5);
  expect(finding!.confidence).toBeGreaterThan(0);

  const { text, structuredContent } = await analyse(collector, 'html');
  expect(text).toContain('Only for ');
  expect(text).not.toContain(THOROUGH);
  expect(structuredContent).toMatchObject({ report: expect.stringContaining('Only for ') });
  expect(structuredContent).not.toMatchObject({ report: expect.stringContaining('<b>"thorough"') });
}, 120_000);
