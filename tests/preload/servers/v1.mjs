// SDK v1 as an ES module.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({ name: 'v1-esm', version: '1.0.0' });
server.tool('answer', () => ({ content: [{ type: 'text', text: 'fine' }] }));
await server.connect(new StdioServerTransport());
