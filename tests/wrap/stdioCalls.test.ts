/** What a real collector knows of the calls of real clients to servers behind the proxy on stdio. */
import { fileURLToPath } from 'node:url';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as TransportV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  COMMAND,
  type Collector,
  cleanEnvironment,
  countCalls,
  startCollector,
  temporaryDataDir,
} from '../e2e/support/collector.ts';
import { hasNoPython, PYTHON } from './support/python.ts';

const PUPPET = fileURLToPath(new URL('./servers/puppet.mjs', import.meta.url));
const LOOKUP = fileURLToPath(new URL('../setup/servers/lookup.py', import.meta.url));
const CLIENT = { name: 'client', version: '1.0.0' };

let dataDir: string;
let remove: () => void;
let collector: Collector;

beforeEach(async () => {
  ({ dataDir, remove } = temporaryDataDir());
  collector = await startCollector(dataDir);
});
afterEach(async () => {
  await collector.stop();
  remove();
});

const starting = (words: string[]) => ({
  command: process.execPath,
  args: [COMMAND, 'wrap', ...words],
  env: cleanEnvironment(dataDir) as Record<string, string>,
});

async function connectV1(...words: string[]): Promise<ClientV1> {
  const client = new ClientV1(CLIENT);
  await client.connect(new TransportV1(starting(words)));
  onTestFinished(() => client.close());
  return client;
}

async function connectV2(...words: string[]): Promise<ClientV2> {
  const client = new ClientV2(CLIENT);
  await client.connect(new TransportV2(starting(words)));
  onTestFinished(() => client.close());
  return client;
}

describe('each call is counted once', () => {
  it.skipIf(hasNoPython)('to a server in Python', async () => {
    const client = await connectV1('--', PYTHON, LOOKUP, 'found');
    await client.listTools();
    for (let i = 0; i < 20; i += 1) {
      expect(await client.callTool({ name: 'look_up' })).toEqual({ content: [{ type: 'text', text: 'found' }] });
    }
    await client.close();
    await expect.poll(() => countCalls(collector, 'lookup-py'), { timeout: 10_000 }).toBe(20);
  });

  it('of either client, under the name that is given', async () => {
    for (const connect of [connectV1, connectV2]) {
      const client = await connect('--name', 'renamed', '--', process.execPath, PUPPET, 'mcp');
      await client.listTools();
      const bytes = 3_000_000;
      const { content } = (await client.callTool({ name: 'big', arguments: { bytes } })) as {
        content: { text: string }[];
      };
      expect(content[0]?.text).toHaveLength(bytes);
      await Promise.all(Array.from({ length: 9 }, () => client.callTool({ name: 'echo', arguments: { a: 1 } })));
      await client.close();
    }
    await expect.poll(() => countCalls(collector, 'renamed'), { timeout: 10_000 }).toBe(20);
    expect(await countCalls(collector, 'puppet')).toBe(0);
  });
});

it('the size of results is known', async () => {
  const client = await connectV1('--', process.execPath, PUPPET, 'mcp');
  await client.listTools();
  await client.callTool({ name: 'big', arguments: { bytes: 1_000 } });
  await client.close();
  const now = Date.now();
  const range = { startTime: new Date(now - 600_000).toISOString(), endTime: new Date(now + 60_000).toISOString() };
  const ask = () =>
    collector.tool<{ metrics?: { value: number }[] }>('get_metrics', {
      mcpServer: 'puppet',
      toolName: 'big',
      kind: 'result_bytes',
      aggregation: 'max',
      ...range,
    });
  const size = JSON.stringify({ content: [{ type: 'text', text: 'x'.repeat(1_000) }] }).length;
  await expect.poll(async () => JSON.stringify(await ask()), { timeout: 10_000 }).toContain(String(size));
});

it('a server that has the SDK in it is counted once', async () => {
  const server = fileURLToPath(new URL('../preload/servers/v1.mjs', import.meta.url));
  const register = fileURLToPath(new URL('../../packages/sdk/dist/register.mjs', import.meta.url));
  const client = await connectV1('--', process.execPath, '--import', register, server);
  await client.listTools();
  await client.callTool({ name: 'answer' });
  await client.close();
  await expect.poll(() => countCalls(collector, 'v1-esm'), { timeout: 10_000 }).toBe(1);
});
