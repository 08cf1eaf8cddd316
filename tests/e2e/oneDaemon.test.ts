/** Several `mcp-vitals stdio` share one collector, and go on sharing one when the process that was it ends. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodedBatch, newInstance } from './support/batches.ts';
import {
  COMMAND,
  callTool,
  cleanEnvironment,
  countCalls,
  postBatch,
  temporaryDataDir,
  tokenOf,
} from './support/collector.ts';
import { type McpSession, openStdio } from './support/stdioClient.ts';

let dataDir: string;
let remove: () => void;
let sessions: McpSession[];
beforeEach(() => {
  ({ dataDir, remove } = temporaryDataDir());
  sessions = [];
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  remove();
});

const daemon = () => JSON.parse(readFileSync(join(dataDir, 'daemon.json'), 'utf8')) as { pid: number; url: string };

const track = (session: McpSession, mcpServer: string, duration = 5) =>
  session.call('track_performance', { mcpServer, toolName: 'work', duration, success: true });

async function openSessions(count: number): Promise<void> {
  const opened = Array.from({ length: count }, (_, i) => openStdio(dataDir, i % 2 ? 'modern' : 'classic'));
  sessions = await Promise.all(opened);
}

const askDaemon = {
  tool: <T>(name: string, args: Record<string, unknown>) =>
    callTool<T>(daemon().url, tokenOf(dataDir, 'admin'), name, args),
};

it('five started at once share one', async () => {
  await openSessions(5);
  const results = await Promise.all(sessions.map((session) => track(session, 'shared')));
  expect(results.map((result) => result.structuredContent!.stored)).toEqual(new Array(5).fill(true));
  expect(new Set(results.map((result) => result.structuredContent!.metricId)).size).toBe(5);
  for (const session of sessions) {
    const answer = await session.call('get_metrics', {
      mcpServer: 'shared',
      startTime: new Date(Date.now() - 600_000).toISOString(),
      endTime: new Date(Date.now() + 60_000).toISOString(),
    });
    expect(answer.structuredContent).toMatchObject({ summary: { totalCalls: 5 } });
  }
  expect(sessions.map((session) => session.pid)).toContain(daemon().pid);
});

it('another takes over when the owner is killed, and nothing is lost or counted twice', async () => {
  await openSessions(4);
  await Promise.all(sessions.map((session) => track(session, 'warm-up')));

  // A sender as persistent as the SDK: the same batch again until it is acknowledged, wherever the daemon is by then.
  const instance = newInstance();
  let acknowledged = 0;
  let sending = true;
  let onAcknowledged = () => {};
  const nextAcknowledgement = () =>
    new Promise<void>((resolve) => {
      onAcknowledged = resolve;
    });
  const sender = (async () => {
    for (let seq = 1; sending; seq++) {
      const body = encodedBatch({ instance, seq, server: 'sender', samplesPerWindow: 3 });
      while (true) {
        const status = await (async () =>
          (await postBatch(daemon().url, tokenOf(dataDir, 'ingest'), body)).status)().catch(() => 0);
        if (status === 200) break;
      }
      acknowledged += 1;
      onAcknowledged();
    }
  })();

  let tracked = 4;
  for (let round = 0; round < 3; round++) {
    const owner = sessions.find((session) => session.pid === daemon().pid)!;
    const others = sessions.filter((session) => session !== owner);
    const calls = others.flatMap((session) => Array.from({ length: 10 }, () => track(session, 'tracked')));
    await nextAcknowledgement();
    process.kill(owner.pid!, 'SIGKILL');
    const results = await Promise.all([...calls, ...others.map((session) => track(session, 'tracked'))]);
    expect(results.every((result) => result.structuredContent!.stored === true)).toBe(true);
    tracked += results.length;
    sessions = others;
    expect(others.map((session) => session.pid)).toContain(daemon().pid);
  }
  sending = false;
  await sender;
  expect(acknowledged).toBeGreaterThanOrEqual(3);
  expect(await countCalls(askDaemon, 'sender')).toBe(3 * acknowledged);
  expect(await countCalls(askDaemon, 'tracked')).toBe(tracked - 4);
  expect(await countCalls(askDaemon, 'warm-up')).toBe(4);
});

it('ends when its stdin ends; one that was the owner hands over without losing anything', async () => {
  await openSessions(3);
  await Promise.all(sessions.map((session) => track(session, 'handed-over')));
  const owner = sessions.find((session) => session.pid === daemon().pid)!;
  await owner.close();
  sessions = sessions.filter((session) => session !== owner);
  await Promise.all(sessions.map((session) => track(session, 'handed-over')));
  expect(sessions.map((session) => session.pid)).toContain(daemon().pid);
  expect(await countCalls(askDaemon, 'handed-over')).toBe(5);
});

it('writes nothing but the protocol to stdout, and exits with 0 when stdin is closed', async () => {
  const child = spawn(process.execPath, [COMMAND, 'stdio', '--port', '0', '--log-level', 'debug'], {
    env: cleanEnvironment(dataDir),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  });
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/call', params: { name: 'get_active_alerts', arguments: {} } });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (output.includes('"id":2')) child.stdin.end();
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  const messages = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { jsonrpc: string; id: number });
  expect(messages.map(({ jsonrpc, id }) => [jsonrpc, id])).toEqual([
    ['2.0', 1],
    ['2.0', 2],
  ]);
});
