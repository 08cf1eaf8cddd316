/**
 * A shop as an MCP server, which is monitored by the one line that is marked, and a client that calls it a few times a
 * second. Both are in this process, so that there is something to look at as soon as the containers run.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { withMonitoring } from '@mcp-vitals/sdk';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const PRODUCTS = ['lamp', 'desk', 'chair', 'shelf'];

const text = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

function createShop() {
  const server = new McpServer({ name: 'example-shop', version: '1.0.0' });
  const tokenFile = process.env.MCP_VITALS_TOKEN_FILE;
  withMonitoring(server, tokenFile ? { token: readFileSync(tokenFile, 'utf8').trim() } : {}); // the one line

  server.registerTool('search_products', { inputSchema: { query: z.string() } }, async ({ query }) => {
    await sleep(8 + 8 * Math.random());
    return text(PRODUCTS.filter((name) => name.includes(query)));
  });
  server.registerTool('quote_shipping', { inputSchema: { country: z.string() } }, async ({ country }) => {
    await sleep(150 + 500 * Math.random());
    return text({ country, price: 12 });
  });
  server.registerTool('reserve_stock', { inputSchema: { name: z.string() } }, async ({ name }) => {
    await sleep(15 + 15 * Math.random());
    return { ...text('out of stock'), isError: name === 'shelf' };
  });
  return server;
}

const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
const shop = createShop();
const client = new Client({ name: 'shopper', version: '1.0.0' });
await Promise.all([shop.connect(serverSide), client.connect(clientSide)]);

let calls = 0;
const anyOf = (values) => values[Math.floor(values.length * Math.random())];
const CALLS = [
  () => ({ name: 'search_products', arguments: { query: anyOf(['', 'a', 'lamp']) } }),
  () => ({ name: 'quote_shipping', arguments: { country: anyOf(['DE', 'FR']) } }),
  () => ({ name: 'reserve_stock', arguments: { name: anyOf([...PRODUCTS, ...PRODUCTS, 'lamp']) } }),
];

const health = createServer((_, response) => response.end(JSON.stringify({ ok: true, calls })));
health.listen(Number(process.env.PORT ?? 8080));

let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    isEnding = true;
  });
}
while (!isEnding) {
  await client.callTool(anyOf(CALLS)());
  calls += 1;
  await sleep(300 * Math.random());
}
health.close();
health.closeAllConnections();
await client.close();
