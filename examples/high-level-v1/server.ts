/**
 * A shop, as an `McpServer` of `@modelcontextprotocol/sdk`: quick look-ups, a carrier that is slow, a warehouse that fails
 * now and then. The one line that monitors it is marked.
 *
 *     npx tsx server.ts             the server, on stdin and stdout
 *     npx tsx server.ts --check     calls its own tools and compares what a temporary collector counted
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const PRODUCTS = ['lamp', 'desk', 'chair', 'shelf', 'rug', 'clock', 'vase', 'mirror'];
/** Of the warehouse's last shelf nothing is ever there. */
const OUT_OF_STOCK = 'mirror';

const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });

export function createServer(): McpServer {
  const server = new McpServer({ name: 'example-shop', version: '1.0.0' });
  withMonitoring(server); // the one line

  server.registerTool(
    'search_products',
    { description: 'Finds products. The empty query scans the whole catalogue.', inputSchema: { query: z.string() } },
    async ({ query }) => {
      await sleep(query === '' ? 400 + 300 * Math.random() : 8 + 8 * Math.random());
      return text(PRODUCTS.filter((name) => name.includes(query)));
    },
  );
  server.registerTool(
    'get_product',
    { description: 'One product.', inputSchema: { name: z.string() } },
    async ({ name }) => {
      if (!PRODUCTS.includes(name)) throw new RangeError(`no product is called ${name}`);
      await sleep(2 + 3 * Math.random());
      return text({ name, price: 10 + PRODUCTS.indexOf(name) * 7 });
    },
  );
  server.registerTool(
    'quote_shipping',
    { description: 'Asks a carrier, which takes its time.', inputSchema: { name: z.string(), country: z.string() } },
    async ({ name, country }) => {
      await sleep(550 + 500 * Math.random());
      return text({ name, country, price: 12 });
    },
  );
  server.registerTool(
    'reserve_stock',
    { description: 'Reserves one piece; an error when there is none.', inputSchema: { name: z.string() } },
    async ({ name }) => {
      await sleep(15 + 15 * Math.random());
      return {
        ...text(name === OUT_OF_STOCK ? `${name} is out of stock` : 'reserved'),
        isError: name === OUT_OF_STOCK,
      };
    },
  );
  return server;
}

if (process.argv.includes('--check')) await import('./check.ts');
else await createServer().connect(new StdioServerTransport());
