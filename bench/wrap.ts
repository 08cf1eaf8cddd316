/**
 * What does the proxy add to a message? One call after the other, to the same server bare and behind `mcp-vitals wrap`, on
 * stdio and over HTTP, blocks of calls interleaved; medians and p95 of the times a client sees, and the time to the first
 * answer of a server that has just been started.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createMonitor } from '@mcp-vitals/sdk';
import { Pool } from 'undici';
import { startHttpProxy } from '../packages/collector/src/wrap/httpProxy.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { quantile } from './support/quantile.ts';
import { StdioServer } from './support/stdioServer.ts';

const ROUNDS = 40;
const CALLS_PER_ROUND = 50;
const STARTS = 9;
const MAX_ADDED_MS = 0.3;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND = fileURLToPath(new URL('../packages/collector/bin/mcp-vitals.mjs', import.meta.url));
const SERVER = fileURLToPath(new URL('../tests/wrap/servers/puppet.mjs', import.meta.url));
/** Measurements go nowhere: what is asked is what reading along costs. */
const ENVIRONMENT = { ...process.env, MCP_VITALS_URL: 'http://127.0.0.1:9', MCP_VITALS_DATA: '/nonexistent' };

const BARE = [SERVER, 'mcp'];
const WRAPPED = [COMMAND, 'wrap', '--', process.execPath, ...BARE];

type Call = () => Promise<unknown>;

/** Milliseconds of each call, after as many that are not counted, block after block. */
async function interleaved(calls: readonly Call[]): Promise<number[][]> {
  const times = calls.map((): number[] => []);
  for (let round = -ROUNDS / 4; round < ROUNDS; round += 1) {
    for (const [index, call] of calls.entries()) {
      for (let i = 0; i < CALLS_PER_ROUND; i += 1) {
        const startedMs = performance.now();
        await call();
        if (round >= 0) times[index]!.push(performance.now() - startedMs);
      }
    }
  }
  return times;
}

async function stdioTimes(args: object): Promise<number[][]> {
  const servers = [BARE, WRAPPED].map((command) => new StdioServer(command, ROOT, ENVIRONMENT));
  for (const server of servers) {
    await server.initialize();
    await server.request('tools/list');
  }
  const times = await interleaved(servers.map((server) => () => server.callTool('echo', args)));
  for (const server of servers) await server.end('stdin');
  return times;
}

async function httpTimes(): Promise<number[][]> {
  const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'here' }] } });
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const direct = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, ENVIRONMENT);
  const proxy = await startHttpProxy({
    upstream: new URL(`${direct}/mcp`),
    monitorOf: () => createMonitor({ serverName: 'http' }),
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
  });
  const pools = [direct, `http://127.0.0.1:${proxy.port}`].map((origin) => new Pool(origin, { connections: 1 }));
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });
  const headers = { 'content-type': 'application/json' };
  const post = async (pool: Pool) => {
    const response = await pool.request({ path: '/mcp', method: 'POST', headers, body });
    return response.body.text();
  };
  const times = await interleaved(pools.map((pool) => () => post(pool)));
  await Promise.all(pools.map((pool) => pool.close()));
  await proxy.close(0);
  server.close();
  return times;
}

async function startTimes(): Promise<number[][]> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < STARTS; i += 1) {
    for (const [index, command] of [BARE, WRAPPED].entries()) {
      const startedMs = performance.now();
      const server = new StdioServer(command, ROOT, ENVIRONMENT);
      await server.initialize();
      times[index]!.push(performance.now() - startedMs);
      await server.end('stdin');
    }
  }
  return times;
}

export async function run(): Promise<BenchResult> {
  const cases = {
    'a small call on stdio': await stdioTimes({}),
    'a call with 100 kB both ways': await stdioTimes({ text: 'x'.repeat(100_000) }),
    'a small call over HTTP': await httpTimes(),
    'start, until the first answer': await startTimes(),
  };
  const rows = Object.entries(cases).map(([what, [bare, wrapped]]) => ({
    what,
    'bare p50 ms': quantile(bare!, 0.5).toFixed(3),
    'wrapped p50 ms': quantile(wrapped!, 0.5).toFixed(3),
    'added p50 ms': (quantile(wrapped!, 0.5) - quantile(bare!, 0.5)).toFixed(3),
    'added p95 ms': (quantile(wrapped!, 0.95) - quantile(bare!, 0.95)).toFixed(3),
  }));
  const added = Number(rows[0]!['added p50 ms']);
  return {
    name: 'wrap',
    question: 'What does the proxy add to a message, and to the start of a server?',
    rows,
    targets: [
      {
        target: `a small message takes under ${MAX_ADDED_MS} ms longer (p50)`,
        value: `${added.toFixed(3)} ms`,
        met: added < MAX_ADDED_MS,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
