// A stdio server whose tools have one bottleneck each; how much they can do depends on the clock alone, not on how busy the
// machine is. `SDK=v2` uses the second SDK; `CONTROLS` is the option of that name as JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import { withMonitoring } from '@mcp-vitals/sdk';

const isV2 = process.env.SDK === 'v2';
const { McpServer } = await import(isV2 ? '@modelcontextprotocol/server' : '@modelcontextprotocol/sdk/server/mcp.js');
const { StdioServerTransport } = await import(
  isV2 ? '@modelcontextprotocol/server/stdio' : '@modelcontextprotocol/sdk/server/stdio.js'
);

const answer = { content: [{ type: 'text', text: 'done' }] };

/** So many at a time, the others wait for as long as it takes. */
function pool(size) {
  let free = size;
  const waiting = [];
  return {
    async use(run) {
      if (free > 0) free -= 1;
      else await new Promise((resolve) => waiting.push(resolve));
      await run();
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}

/** 10 ms in which the event loop stands still: 100 calls a second, one at a time. */
function compute() {
  const untilMs = performance.now() + 10;
  while (performance.now() < untilMs);
  return answer;
}

const connections = pool(8);
const lock = pool(1);
let thrashing = 0;

const server = new McpServer({ name: 'overloaded', version: '1.0.0' });
const add = (name, handler) => server.registerTool(name, { description: 'A tool.' }, handler);
add('cpu', async () => compute());
// 8 connections of 20 ms: 400 calls a second.
add('pool', async () => {
  await connections.use(() => sleep(20));
  return answer;
});
// 5 ms under a lock: 200 calls a second.
add('lock', async () => {
  await lock.use(() => sleep(5));
  return answer;
});
// Everybody is slower the more there are, as where memory or a cache is too small. Best is 8 at a time: 200 calls a second.
add('thrash', async () => {
  thrashing += 1;
  let left = 1;
  while (left > 0) {
    const stepMs = 5;
    await sleep(stepMs);
    left -= stepMs / (20 * (1 + thrashing ** 2 / 64));
  }
  thrashing -= 1;
  return answer;
});
// Does what it has to do at once.
add('healthy', async () => {
  await sleep(5);
  return answer;
});

const controls = process.env.CONTROLS ? JSON.parse(process.env.CONTROLS) : undefined;
withMonitoring(server, { controls });
await server.connect(new StdioServerTransport());
