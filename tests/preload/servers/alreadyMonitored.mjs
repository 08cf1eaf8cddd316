// A server whose author has the one line: with the preload as well, a call is still one call.
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = withMonitoring(new McpServer({ name: 'already', version: '1.0.0' }));
server.tool('answer', () => ({ content: [{ type: 'text', text: 'fine' }] }));
await server.connect(new StdioServerTransport());
