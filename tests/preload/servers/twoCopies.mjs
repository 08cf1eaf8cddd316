// Two copies of the SDK in one process, one of them old, and a client of a third role: the server asks its own neighbour.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Client } from 'mcp-sdk-1.10/client/index.js';
import { InMemoryTransport } from 'mcp-sdk-1.10/inMemory.js';
import { McpServer as OldMcpServer } from 'mcp-sdk-1.10/server/mcp.js';

const old = new OldMcpServer({ name: 'old-copy', version: '1.0.0' });
old.tool('inner', () => ({ content: [{ type: 'text', text: 'from within' }] }));
const [near, far] = InMemoryTransport.createLinkedPair();
const client = new Client({ name: 'neighbour', version: '1.0.0' });
await Promise.all([old.connect(far), client.connect(near)]);

const server = new McpServer({ name: 'new-copy', version: '1.0.0' });
server.tool('answer', () => client.callTool({ name: 'inner' }));
await server.connect(new StdioServerTransport());
