// SDK v2 as an ES module, low level.
import { Server } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

const server = new Server({ name: 'v2-esm', version: '1.0.0' }, { capabilities: { tools: {} } });
server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'answer', inputSchema: { type: 'object' } }] }));
server.setRequestHandler('tools/call', () => ({ content: [{ type: 'text', text: 'fine' }] }));
await server.connect(new StdioServerTransport());
