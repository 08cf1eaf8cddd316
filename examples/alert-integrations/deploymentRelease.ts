/** `deployment-release-mcp` in small: it goes back to the version before. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
import { writeDown } from './toldFile.ts';

const server = new McpServer({ name: 'deployment-release-mcp', version: '1.0.0' });

server.registerTool(
  'rollback_deployment',
  {
    description: 'Goes back to an earlier version.',
    inputSchema: { application: z.string(), reason: z.string() },
  },
  (rollback) => writeDown('rollback_deployment', rollback),
);

await server.connect(new StdioServerTransport());
