// SDK v2 as CommonJS.
const { McpServer } = require('@modelcontextprotocol/server');
const { StdioServerTransport } = require('@modelcontextprotocol/server/stdio');

const server = new McpServer({ name: 'v2-cjs', version: '1.0.0' });
server.registerTool('answer', { description: 'Answers' }, () => ({ content: [{ type: 'text', text: 'fine' }] }));
server.connect(new StdioServerTransport());
