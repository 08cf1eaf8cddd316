/**
 * A payment server that fails, monitored with the one line. What the collector does about it is in `settings.ts`: it tells
 * three other MCP servers, each a small program beside this one.
 *
 *     npx tsx server.ts             the server, on stdin and stdout
 *     npx tsx server.ts --check     fails on purpose, and reads what the three were told
 */
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

export function createServer(): McpServer {
  const server = new McpServer({ name: 'example-payments', version: '2.0.0' });
  withMonitoring(server); // the one line

  server.registerTool('charge', { description: 'Charges a card.', inputSchema: { amount: z.number() } }, () => {
    throw new Error('the bank does not answer');
  });
  return server;
}

if (process.argv.includes('--check')) await import('./check.ts');
else await createServer().connect(new StdioServerTransport());
