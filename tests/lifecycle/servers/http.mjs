/**
 * SDK v1 over Streamable HTTP: with `stateful` a server for each session, with `stateless` one for each request. The port is
 * said on stderr, since stdout is compared. It stops listening when its stdin ends, and then nothing of its own is left.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { callTool, INFO, monitored, TOOLS } from './behaviour.mjs';

const isStateful = process.argv[2] === 'stateful';
const sessions = new Map();

async function connect() {
  const server = monitored(new McpServer(INFO));
  for (const name of TOOLS) server.tool(name, () => callTool(name));
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: isStateful ? randomUUID : undefined,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  await server.connect(transport);
  return transport;
}

const http = createServer(async (request, response) => {
  const transport = sessions.get(request.headers['mcp-session-id']) ?? (await connect());
  await transport.handleRequest(request, response);
});
http.listen(0, '127.0.0.1', () => process.stderr.write(`port ${http.address().port}\n`));
process.stdin.on('end', () => http.close()).resume();
