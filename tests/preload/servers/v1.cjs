// SDK v1 as CommonJS.
const { McpServer } = require('@modelcontextprotocol/sdk/server/mcp.js');
const { StdioServerTransport } = require('@modelcontextprotocol/sdk/server/stdio.js');

const server = new McpServer({ name: 'v1-cjs', version: '1.0.0' });
server.tool('answer', () => ({ content: [{ type: 'text', text: 'fine' }] }));
server.connect(new StdioServerTransport());
