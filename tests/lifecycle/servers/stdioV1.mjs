/** SDK v1 on stdio. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { callTool, INFO, monitored, TOOLS } from './behaviour.mjs';

const server = monitored(new McpServer(INFO));
for (const name of TOOLS) server.tool(name, () => callTool(name));
await server.connect(new StdioServerTransport());
