// A stateless Streamable HTTP server: a new McpServer for every request, each with the one line. It prints its port, and
// answers GET with how many of those servers are still in memory after a garbage collection.
import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const made = [];

async function serveOnce(request, response) {
  const server = withMonitoring(new McpServer({ name: 'stateless-server', version: '1.0.0' }));
  made.push(new WeakRef(server));
  server.tool('answer', () => ({ content: [{ type: 'text', text: 'fine' }] }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

async function inMemory() {
  for (let round = 0; round < 3; round += 1) {
    await nextTurn();
    globalThis.gc();
  }
  return made.filter((ref) => ref.deref() !== undefined).length;
}

const http = createServer(async (request, response) => {
  if (request.method === 'POST') await serveOnce(request, response);
  else response.end(JSON.stringify({ made: made.length, inMemory: await inMemory() }));
});
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
process.stdin.on('end', () => process.exit()).resume();
