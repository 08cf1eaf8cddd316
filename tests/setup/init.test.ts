/**
 * `mcp-vitals init` from end to end: a client's file is set up by the built command, a client starts the servers by what the
 * file says then, their calls are in a real collector, and undo puts the file back.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, test } from 'vitest';
import { countCalls } from '../e2e/support/collector.ts';
import { hasNoPython, PYTHON } from '../wrap/support/python.ts';
import { useHome } from './support/home.ts';
import { runCommand } from './support/runCommand.ts';

interface Entry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

const own = (file: string) => fileURLToPath(new URL(`./servers/${file}`, import.meta.url));

const home = useHome();

const init = (args: string[], env: Record<string, string>) => runCommand(home.path, ['init', ...args], env);

function write(path: string, contents: string): string {
  const full = join(home.path, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, contents);
  return full;
}

/** What a client does with an entry: it starts the command, with little of its own environment. */
async function open({ command, args, env = {} }: Entry): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command, args, env: { HOME: home.path, ...env }, stderr: 'inherit' }),
  );
  return client;
}

async function callThrice(entry: Entry): Promise<unknown> {
  const client = await open(entry);
  await client.callTool({ name: 'look_up', arguments: {} });
  await client.callTool({ name: 'look_up', arguments: {} });
  const { content } = await client.callTool({ name: 'look_up', arguments: {} });
  await client.close();
  return content;
}

test.skipIf(hasNoPython).each([
  ['the default data directory', '.performance-data'],
  ['another data directory', 'elsewhere'],
])('servers started by what init wrote are monitored, in %s', async (which, folder) => {
  const dataDir = join(home.path, folder);
  const env: Record<string, string> = which.startsWith('another') ? { MCP_VITALS_DATA: dataDir } : {};
  const servers = {
    python: { command: PYTHON, args: [own('lookup.py'), 'a b', '--', '--x=$1'], env: { KEY: 'value' } },
    node: { command: process.execPath, args: [own('echo.mjs'), '--', 'c'] },
  };
  const before = JSON.stringify({ mcpServers: servers, theme: 'dark' }, null, 4);
  const file = write('.cursor/mcp.json', before);

  const shown = await init([], env);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('monitor python by the proxy');
  expect(shown.stdout).toContain('monitor node by the preload');
  expect(readFileSync(file, 'utf8')).toBe(before);

  expect(await init(['--write'], env)).toMatchObject({ code: 0, stderr: '' });
  const { mcpServers } = JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: Record<string, Entry> };
  expect(mcpServers.python!.env).toMatchObject({ KEY: 'value' });

  const collector = await home.startCollector(dataDir);
  expect(await callThrice(mcpServers.python!)).toEqual([{ type: 'text', text: 'a b -- --x=$1' }]);
  expect(await callThrice(mcpServers.node!)).toEqual([{ type: 'text', text: '-- c' }]);
  await expect.poll(() => countCalls(collector, 'lookup-py'), { timeout: 10_000 }).toBe(3);
  await expect.poll(() => countCalls(collector, 'echo-node'), { timeout: 10_000 }).toBe(3);

  const vitals = await open(mcpServers['mcp-vitals']!);
  const { tools } = await vitals.listTools();
  expect(tools.map(({ name }) => name)).toContain('get_metrics');
  const now = Date.now();
  const range = { startTime: new Date(now - 600_000).toISOString(), endTime: new Date(now + 60_000).toISOString() };
  const metrics = { name: 'get_metrics', arguments: { mcpServer: 'lookup-py', ...range } };
  expect(await vitals.callTool(metrics)).toMatchObject({ structuredContent: { summary: { totalCalls: 3 } } });
  await vitals.close();

  const undone = await init(['--undo'], env);
  expect(undone).toMatchObject({ code: 0, stdout: expect.stringContaining('restored, byte for byte') });
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readdirSync(join(home.path, '.cursor'))).toEqual(['mcp.json']);
});

test('a second --write changes nothing, and a broken file is refused while the others are written', async () => {
  const good = write('.claude.json', '{"mcpServers": {"a": {"command": "uvx", "args": ["a"]}}}');
  const broken = write('.vscode/mcp.json', '{\n  "servers": {,}\n}');
  const first = await init(['--write'], {});
  expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining(`${broken}:2:15: not valid JSON`) });
  const written = readFileSync(good, 'utf8');
  expect(written).toContain('"wrap"');
  expect((await init(['--write'], {})).stdout).toContain('Nothing to do.');
  expect(readFileSync(good, 'utf8')).toBe(written);
  expect(readFileSync(broken, 'utf8')).toBe('{\n  "servers": {,}\n}');
});

test('what a configuration holds cannot speak to the terminal', async () => {
  const name = JSON.stringify('\u001b]0;owned\u0007\u202e');
  write('.mcp.json', `{ // \u001b[2J\n  "mcpServers": {\n    ${name}: {"command": "y\u202e"}\n  }\n}`);
  const { stdout, stderr } = await init(['--write'], {});
  expect(stdout).toContain('\\u{1b}[2J');
  expect(
    [...(stdout + stderr)].filter((character) => (character < ' ' && character !== '\n') || character === '\u202e'),
  ).toEqual([]);
});
