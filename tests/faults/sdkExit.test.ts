/**
 * A monitored server ends when and how it would have ended without monitoring, with the same bytes on stdout, and what
 * it measured arrives all the same. Both servers run in processes of their own; the collector is a real HTTP server.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchCollector } from '../sdk-compat/src/batchCollector.ts';
import { type Ending, ServerProcess, spoolFiles, temporaryDataDir } from './sdkHarness.ts';

let collector: BatchCollector;
let url: string;

beforeEach(async () => {
  collector = new BatchCollector();
  url = await collector.listen();
});

afterEach(() => collector.close());

/** The ways a server ends. Each gets a server that has answered two calls. */
const ENDINGS: Record<string, (server: ServerProcess) => Promise<Ending>> = {
  'end of stdin': (server) => server.endStdin(),
  SIGTERM: (server) => server.kill('SIGTERM'),
  SIGINT: (server) => server.kill('SIGINT'),
  SIGHUP: (server) => server.kill('SIGHUP'),
  SIGKILL: (server) => server.kill('SIGKILL'),
  'process.exit in a tool': (server) => {
    void server.callTool('exit');
    return server.ending();
  },
  'an uncaught exception': (server) => {
    void server.callTool('crash');
    return server.ending();
  },
  'its own SIGTERM handler': (server) => terminatedAfter(server, 'leaveOnTerm'),
  'its own SIGTERM handler that takes its time': (server) => terminatedAfter(server, 'leaveLaterOnTerm'),
  'a SIGTERM handler that passes the signal on': (server) => terminatedAfter(server, 'passTermOn'),
  'SIGTERM with the library signal-exit': (server) => terminatedAfter(server, 'useSignalExit'),
  'SIGTERM after one that was ignored': async (server) => {
    await server.callTool('ignoreOneTerm');
    server.signal('SIGTERM');
    await server.callTool('awaitIgnoredTerm');
    return server.kill('SIGTERM');
  },
};

/** What two processes that ran one after the other did. */
const ALL_CALLS = { answer: { ok: 2 }, fail: { tool_error: 2 } };

/** After which nothing of ours can run: what was measured last is lost, as docs/sdk.md says. */
const ABRUPT = 'SIGKILL';

async function terminatedAfter(server: ServerProcess, tool: string): Promise<Ending> {
  await server.callTool(tool);
  return server.kill('SIGTERM');
}

/** At its end a process has 100 ms to send, which may not do for the spool of the one before: it stays until all is sent. */
async function endWhenAllIsSent(server: ServerProcess, dataDir: string): Promise<Ending> {
  await expect.poll(() => collector.outcomesOf('fault-server'), { timeout: 20_000 }).toMatchObject(ALL_CALLS);
  await expect.poll(() => spoolFiles(dataDir), { timeout: 20_000 }).toEqual([]);
  return server.endStdin();
}

async function runUntil(
  end: (server: ServerProcess) => Promise<Ending>,
  monitored: boolean,
  env: Record<string, string>,
) {
  const server = new ServerProcess(monitored, env);
  await server.initialize();
  await server.callTool('answer');
  await server.callTool('fail');
  return end(server);
}

describe.each(Object.keys(ENDINGS))('%s', (how) => {
  const end = ENDINGS[how]!;

  it('is the same with and without monitoring', async () => {
    const env = { MCP_VITALS_DATA: temporaryDataDir(), MCP_VITALS_URL: url };
    expect(await runUntil(end, true, env)).toEqual(await runUntil(end, false, env));
  });

  it('is the same while the collector is down', async () => {
    await collector.close();
    const env = { MCP_VITALS_DATA: temporaryDataDir(), MCP_VITALS_URL: url };
    expect(await runUntil(end, true, env)).toEqual(await runUntil(end, false, env));
    await collector.listen();
  });

  it('is the same while the collector does not answer', async () => {
    collector.misbehaviour = () => {};
    const env = { MCP_VITALS_DATA: temporaryDataDir(), MCP_VITALS_URL: url, MCP_VITALS_WINDOW_MS: '10' };
    expect(await runUntil(end, true, env)).toEqual(await runUntil(end, false, env));
  });
});

describe.each(Object.keys(ENDINGS).filter((how) => how !== ABRUPT))('%s', (how) => {
  it.each(['1000', '10'])(
    'loses nothing, with windows of %s ms: the next process sends the spool',
    async (windowMs) => {
      const env = { MCP_VITALS_DATA: temporaryDataDir(), MCP_VITALS_URL: url };
      // Of what it receives it confirms nothing: batches are on their way when the process ends.
      collector.misbehaviour = () => {};
      await runUntil(ENDINGS[how]!, true, { ...env, MCP_VITALS_WINDOW_MS: windowMs });
      collector.misbehaviour = undefined;
      await runUntil((next) => endWhenAllIsSent(next, env.MCP_VITALS_DATA), true, env);
      expect(collector.outcomesOf('fault-server')).toMatchObject(ALL_CALLS);
      expect(spoolFiles(env.MCP_VITALS_DATA)).toEqual([]);
    },
  );
});
