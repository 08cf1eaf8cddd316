/** A policy ends with whoever gives it: the collector is a process of its own, and is killed in the midst. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { ServerProcess, temporaryDataDir } from './sdkHarness.ts';

const COLLECTOR = fileURLToPath(new URL('./policyCollector.mjs', import.meta.url));
const SERVER = fileURLToPath(new URL('./controlledServer.mjs', import.meta.url));
const LEASE_MS = 2_000;

let collector: ChildProcess | undefined;
let server: ServerProcess | undefined;

afterEach(async () => {
  collector?.kill('SIGKILL');
  await server?.endStdin();
});

async function startCollector(): Promise<string> {
  const tools = { slow: { concurrency: { limit: 1, maxQueued: 100, maxWaitMs: 30_000 } } };
  const policy = { server: 'controlled', version: 3, leaseMs: LEASE_MS, tools };
  collector = spawn(process.execPath, [COLLECTOR, JSON.stringify([policy])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: collector.stdout! }), 'line')) as [string];
  return `http://127.0.0.1:${port}`;
}

it('kill -9 of the collector leaves the server as written, within the lease', async () => {
  const endpoint = await startCollector();
  server = new ServerProcess(true, { MCP_VITALS_DATA: temporaryDataDir(), MCP_VITALS_URL: endpoint }, SERVER);
  await server.initialize();
  await expect.poll(() => server!.textOf('version'), { timeout: 15_000, interval: 100 }).toBe('3');

  const three = () => Promise.all([1, 2, 3].map(() => server!.textOf('slow')));
  expect(await three()).toEqual(['1', '1', '1']);

  collector!.kill('SIGKILL');
  const waiting = Promise.all(Array.from({ length: 60 }, () => server!.textOf('slow')));
  await expect.poll(() => server!.textOf('version'), { timeout: 15_000, interval: 20 }).toBe('0');
  // One after the other they would take 12 seconds, and see nobody but themselves.
  expect(Math.max(...(await waiting).map(Number))).toBeGreaterThan(10);
  expect((await three()).toSorted()).toEqual(['1', '2', '3']);
});
