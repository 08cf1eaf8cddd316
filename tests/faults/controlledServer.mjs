// A stdio server whose author permits a limit on calls at a time; its tools say how it is.
import { setTimeout as sleep } from 'node:timers/promises';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = withMonitoring(new McpServer({ name: 'controlled', version: '1.0.0' }), {
  controls: { concurrency: { tools: ['slow'] } },
});
const answer = (value) => ({ content: [{ type: 'text', text: String(value) }] });
let running = 0;
server.tool('slow', async () => {
  running += 1;
  const seen = running;
  await sleep(200);
  running -= 1;
  return answer(seen);
});
server.tool('version', () => answer(getMonitor(server).policy()?.version ?? 0));
await server.connect(new StdioServerTransport());
