/** An MCP server that ends in the middle of its first call, and does what it is asked in a later life; see the tests of `notify/`. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const server = new McpServer({ name: 'dying', version: '1.0.0' });

server.registerTool(
  'tell',
  { description: 'Takes a message.', inputSchema: z.object({ text: z.string() }) },
  ({ text }) => {
    const died = process.env.DIED_FILE!;
    if (!existsSync(died)) {
      writeFileSync(died, '');
      process.kill(process.pid, 'SIGKILL');
    }
    appendFileSync(process.env.TOLD_FILE!, `${text}\n`);
    return { content: [{ type: 'text' as const, text: 'done' }] };
  },
);

await server.connect(new StdioServerTransport());
