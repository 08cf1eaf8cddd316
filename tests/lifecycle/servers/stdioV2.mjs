/** SDK v2 on stdio. */
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { callTool, INFO, monitored, TOOLS } from './behaviour.mjs';

const server = monitored(new McpServer(INFO));
for (const name of TOOLS) server.registerTool(name, { inputSchema: z.object({}) }, () => callTool(name));
await server.connect(new StdioServerTransport());
