// A stdio server as its author would write it, with or without the one line. `MONITORED=1` adds the line.
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({ name: 'fault-server', version: '1.0.0' });
if (process.env.MONITORED === '1') withMonitoring(server);

const answer = (text) => ({ content: [{ type: 'text', text }] });
server.tool('answer', () => answer('fine'));
server.tool('fail', () => {
  throw new Error('it failed');
});
server.tool('exit', () => process.exit(3));
server.tool('crash', () => {
  setImmediate(() => {
    throw new Error('uncaught');
  });
  return answer('about to crash');
});
server.tool('leaveOnTerm', () => {
  process.on('SIGTERM', () => process.exit(7));
  return answer('will leave');
});
server.tool('memory', () => {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return answer(String(heapUsed + arrayBuffers));
});

await server.connect(new StdioServerTransport());
