// A monitored stdio server named SERVER_NAME with the tools TOOL_NAMES (JSON): each answers its index, FAILING_TOOL an error.
import { withMonitoring } from '@mcp-vitals/sdk';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const { SERVER_NAME, TOOL_NAMES, FAILING_TOOL } = process.env;
const names = JSON.parse(TOOL_NAMES);

const server = new Server({ name: SERVER_NAME, version: '1.0.0' }, { capabilities: { tools: {} } });
withMonitoring(server);
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })),
}));
server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
  content: [{ type: 'text', text: String(names.indexOf(params.name)) }],
  isError: params.name === FAILING_TOOL,
}));
await server.connect(new StdioServerTransport());
