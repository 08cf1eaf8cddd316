// A server of SDK v1 that tells how it was started.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({ name: 'echo-node', version: '1.0.0' });
server.registerTool('look_up', {}, () => ({ content: [{ type: 'text', text: process.argv.slice(2).join(' ') }] }));
await server.connect(new StdioServerTransport());
