// A stdio server with a pool of 4 connections of 40 ms, and a handler that holds up the event loop for 10 ms: 100 calls a second
// each, however busy the machine is. Its author permits a limit.
import { setTimeout as sleep } from 'node:timers/promises';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = withMonitoring(new McpServer({ name: 'pooled', version: '1.0.0' }), { controls: { concurrency: true } });
const answer = (value) => ({ content: [{ type: 'text', text: String(value) }] });

let free = 4;
const waiting = [];
server.tool('search', async () => {
  if (free > 0) free -= 1;
  else await new Promise((resolve) => waiting.push(resolve));
  await sleep(40);
  const next = waiting.shift();
  if (next) next();
  else free += 1;
  return answer('found');
});
server.tool('digest', () => {
  const untilMs = performance.now() + 10;
  while (performance.now() < untilMs);
  return answer('digested');
});
server.tool('version', () => answer(getMonitor(server).policy()?.version ?? 0));
await server.connect(new StdioServerTransport());
