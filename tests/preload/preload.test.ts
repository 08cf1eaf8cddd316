/**
 * `node --import @mcp-vitals/sdk/register` with real servers that know nothing of it, in processes of their own: what they
 * say is the same to the byte as without it, and their calls are recorded under their names. `MCP_VITALS_TEST_NODES`
 * names further Node binaries to try, separated by the path delimiter.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { claimSpool } from '@mcp-vitals/sdk/spool';
import { decodeBatch } from '@mcp-vitals/wire/decode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchCollector } from '../sdk-compat/src/batchCollector.ts';

const REGISTER = fileURLToPath(new URL('../../packages/sdk/dist/register.mjs', import.meta.url));
const NODES = [process.execPath, ...(process.env.MCP_VITALS_TEST_NODES?.split(delimiter) ?? [])];
const require = createRequire(import.meta.url);

let collector: BatchCollector;
let dataDir: string;

beforeEach(async () => {
  collector = new BatchCollector();
  await collector.listen();
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals preload ü '));
});

afterEach(async () => {
  await collector.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Run {
  stdout: string;
  code: number | null;
}

const own = (file: string) => fileURLToPath(new URL(`./servers/${file}`, import.meta.url));

/** The file behind the command of an installed package. */
function command(packageName: string): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  return join(manifest, '..', typeof bin === 'string' ? bin : Object.values(bin)[0]!);
}

function environment(extra: Record<string, string> = {}): Record<string, string> {
  const base = { PATH: process.env.PATH!, HOME: dataDir, MCP_VITALS_URL: collector.url, MCP_VITALS_DATA: dataDir };
  return { ...base, ...extra };
}

/** Starts a server, asks what its tools are, calls one, and closes stdin. */
async function converse(node: string, args: string[], tool: string, env = environment()): Promise<Run> {
  const server = spawn(node, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const closed = once(server, 'close');
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  let stdout = '';
  const read = async (id: number) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return;
      stdout += `${value}\n`;
      if (JSON.parse(value).id === id) return;
    }
  };
  const send = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'client', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  send({ id: 1, method: 'initialize', params });
  await read(1);
  send({ method: 'notifications/initialized' });
  send({ id: 2, method: 'tools/list' });
  await read(2);
  send({ id: 3, method: 'tools/call', params: { name: tool, arguments: {} } });
  await read(3);
  server.stdin.end();
  const [code] = await closed;
  return { stdout, code: code as number | null };
}

/** Calls by server and tool: what arrived, and what a server that called `process.exit` left in the spool. */
async function recorded(): Promise<Record<string, number>> {
  const batches = [...collector.batches];
  for await (const file of claimSpool(dataDir)) {
    batches.push(...file.batches.map(decodeBatch));
    await file.done();
  }
  const calls: Record<string, number> = {};
  for (const { servers, windows } of batches) {
    for (const { server, kind, name, outcomes } of windows) {
      if (kind !== 'tool') continue;
      const key = `${servers[server]!.name} ${name}`;
      calls[key] = (calls[key] ?? 0) + outcomes.reduce((a, b) => a + b, 0);
    }
  }
  return calls;
}

/** Our own, small ones: every byte can be compared. */
const SERVERS: [what: string, file: string, calls: Record<string, number>][] = [
  ['SDK v1 as an ES module', own('v1.mjs'), { 'v1-esm answer': 1 }],
  ['SDK v1 as CommonJS', own('v1.cjs'), { 'v1-cjs answer': 1 }],
  ['SDK v2 as an ES module', own('v2.mjs'), { 'v2-esm answer': 1 }],
  ['SDK v2 as CommonJS', own('v2.cjs'), { 'v2-cjs answer': 1 }],
  ['two copies of the SDK', own('twoCopies.mjs'), { 'new-copy answer': 1, 'old-copy inner': 1 }],
  ['a server that has the one line', own('alreadyMonitored.mjs'), { 'already answer': 1 }],
  ['fastmcp, with its server in a private field', own('framework.mjs'), { 'framework answer': 1 }],
];

/** Servers that others wrote. Their tools are called without arguments, which they refuse: that is a call as well. */
const THIRD_PARTY: [what: string, file: string, tool: string, key: string][] = [
  ['server-everything', command('@modelcontextprotocol/server-everything'), 'echo', 'mcp-servers/everything echo'],
  ['server-memory', command('@modelcontextprotocol/server-memory'), 'read_graph', 'memory-server read_graph'],
  [
    'server-sequential-thinking',
    command('@modelcontextprotocol/server-sequential-thinking'),
    'sequentialthinking',
    'sequential-thinking-server sequentialthinking',
  ],
  ['context7, on SDK v2', command('@upstash/context7-mcp'), 'resolve-library-id', 'Context7 resolve-library-id'],
  ['playwright, with the SDK bundled in', command('@playwright/mcp'), 'browser_tabs', 'Playwright browser_tabs'],
];

describe.each(NODES)('%s', (node) => {
  it.each(SERVERS)('monitors %s', async (_what, file, calls) => {
    const bare = await converse(node, [file], 'answer');
    expect(await recorded()).toEqual(file === own('alreadyMonitored.mjs') ? calls : {});
    collector.batches.length = 0;
    const monitored = await converse(node, ['--import', REGISTER, file], 'answer');
    expect(monitored).toEqual(bare);
    expect(bare.stdout).toContain('"id":3');
    expect(await recorded()).toEqual(calls);
  });

  it.each(THIRD_PARTY)('monitors %s', async (_what, file, tool, key) => {
    const bare = await converse(node, [file], tool);
    const monitored = await converse(node, ['--import', REGISTER, file], tool);
    expect(monitored.code).toBe(bare.code);
    expect(monitored.stdout.split('\n').slice(0, 2)).toEqual(bare.stdout.split('\n').slice(0, 2));
    expect(await recorded()).toEqual({ [key]: 1 });
  });

  it('works through NODE_OPTIONS, as a URL', async () => {
    const env = environment({ NODE_OPTIONS: `--import=${pathToFileURL(REGISTER).href}` });
    await converse(node, [own('v1.mjs')], 'answer', env);
    expect(await recorded()).toEqual({ 'v1-esm answer': 1 });
  });

  it('does nothing when monitoring is switched off', async () => {
    const env = environment({ MCP_VITALS: 'off' });
    await converse(node, ['--import', REGISTER, own('v1.mjs')], 'answer', env);
    expect(await recorded()).toEqual({});
  });

  it('leaves nothing behind in a program that has no server', async () => {
    const program = `
      const { createRequire } = await import('node:module');
      const loaded = Object.keys(createRequire(${JSON.stringify(REGISTER)}).cache);
      const listeners = ['beforeExit', 'exit', 'SIGTERM'].map((name) => process.listenerCount(name));
      // The file that was read last may still be about to be closed.
      const resources = process.getActiveResourcesInfo().filter((name) => name !== 'CloseReq');
      console.log(JSON.stringify({ loaded, listeners, resources }));`;
    const run = async (args: string[]) => {
      const child = spawn(node, [...args, '--input-type=module', '-e', program], { env: environment() });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
        });
      }
      await once(child, 'close');
      return output;
    };
    expect(await run(['--import', REGISTER])).toBe(await run([]));
  });
});
