// A stdio server as its author would write it, with or without the one line. `MONITORED=1` adds the line.
import { setTimeout as sleep } from 'node:timers/promises';
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { onExit } from 'signal-exit';

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
server.tool('leaveLaterOnTerm', () => {
  process.once('SIGTERM', async () => {
    await sleep(20);
    process.exit(8);
  });
  return answer('will leave');
});
server.tool('passTermOn', () => {
  const passOn = () => {
    process.removeListener('SIGTERM', passOn);
    process.kill(process.pid, 'SIGTERM');
  };
  process.on('SIGTERM', passOn);
  return answer('will pass it on');
});
server.tool('useSignalExit', () => {
  onExit(() => undefined);
  return answer('will watch');
});
let ignored;
server.tool('ignoreOneTerm', () => {
  ignored = new Promise((resolve) => process.once('SIGTERM', resolve));
  return answer('will ignore one');
});
server.tool('awaitIgnoredTerm', async () => {
  await ignored;
  return answer('ignored');
});
server.tool('memory', () => {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return answer(String(heapUsed + arrayBuffers));
});

await server.connect(new StdioServerTransport());
