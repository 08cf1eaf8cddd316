/**
 * A stdio server with the tools that the comparison calls, monitored by one variant.
 *
 *     node server.mjs VARIANT v1-McpServer|v1-Server|v2-McpServer|v2-Server SINK_URL
 *
 * What a product prints is its own affair: everything here goes through the SDK's transport.
 */
import { z } from 'zod';
import { VARIANTS } from './variants.mjs';

const [name, shape, sink] = process.argv.slice(2);
const { prepare, wrap } = await VARIANTS[name].load(sink);
const info = { name: 'compared', version: '1.0.0' };
const text = (value) => ({ content: [{ type: 'text', text: value }] });
let throws = 0;

const TOOLS = {
  echo: (args) => text(`result-marker ${JSON.stringify(args)}`),
  throwing() {
    throws += 1;
    throw new Error('thrown at once');
  },
  throws: () => text(String(throws)),
  toggled: () => text('as registered'),
};

const makers = {
  async 'v1-McpServer'() {
    const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
    const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
    return { server: registerAll(new McpServer(info)), transport: new StdioServerTransport() };
  },
  async 'v2-McpServer'() {
    const { McpServer } = await import('@modelcontextprotocol/server');
    const { StdioServerTransport } = await import('@modelcontextprotocol/server/stdio');
    return { server: registerAll(new McpServer(info)), transport: new StdioServerTransport() };
  },
  async 'v1-Server'() {
    const { Server } = await import('@modelcontextprotocol/sdk/server/index.js');
    const { CallToolRequestSchema, ListToolsRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
    const server = new Server(info, { capabilities: { tools: {} } });
    return {
      server: handleAll(server, CallToolRequestSchema, ListToolsRequestSchema),
      transport: new StdioServerTransport(),
    };
  },
  async 'v2-Server'() {
    const { Server } = await import('@modelcontextprotocol/server');
    const { StdioServerTransport } = await import('@modelcontextprotocol/server/stdio');
    const server = new Server(info, { capabilities: { tools: {} } });
    return { server: handleAll(server, 'tools/call', 'tools/list'), transport: new StdioServerTransport() };
  },
};

function handleAll(server, call, list) {
  prepare(server);
  server.setRequestHandler(call, async ({ params }) => TOOLS[params.name](params.arguments));
  server.setRequestHandler(list, async () => ({
    tools: Object.keys(TOOLS).map((tool) => ({ name: tool, inputSchema: { type: 'object' } })),
  }));
  wrap(server);
  return server;
}

function registerAll(server) {
  prepare(server);
  const inputSchema = z.object({ text: z.string(), context: z.string().optional() });
  const input = shape.startsWith('v1') ? inputSchema.shape : inputSchema;
  server.registerTool('echo', { description: 'Echo', inputSchema: input }, async (args) => TOOLS.echo(args));
  for (const tool of ['throwing', 'throws']) server.registerTool(tool, { description: tool }, TOOLS[tool]);
  const toggled = server.registerTool('toggled', { description: 'Toggled' }, async () => TOOLS.toggled());
  const changes = {
    disable: () => toggled.disable(),
    enable: () => toggled.enable(),
    update: () => toggled.update({ callback: async () => text('as updated') }),
    remove: () => toggled.remove(),
  };
  for (const [tool, change] of Object.entries(changes)) {
    server.registerTool(tool, { description: tool }, async () => {
      change();
      return text('done');
    });
  }
  wrap(server);
  return server;
}

const { server, transport } = await makers[shape]();
await server.connect(transport);
