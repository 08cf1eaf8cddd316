import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clientPlaces } from './clientPlaces.ts';
import { type ReadClientsOptions, readClients } from './clients.ts';
import { type ConfiguredServer, monitoringOf } from './serverEntry.ts';

let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-vitals-clients-')));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function read(options: ReadClientsOptions = {}) {
  return readClients({ platform: 'linux', env: { HOME: home }, cwd: join(home, 'project'), ...options });
}

function monitoring(command: string, args: string[] = [], env: Record<string, string> = {}) {
  return monitoringOf({ command, args, env });
}

test('every client has its places on every operating system', () => {
  const mac = clientPlaces({ platform: 'darwin', env: { HOME: '/Users/ada' }, cwd: '/work' });
  expect(mac.map(({ path }) => path)).toEqual([
    '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    '/Users/ada/.claude.json',
    '/work/.mcp.json',
    '/Users/ada/.cursor/mcp.json',
    '/work/.cursor/mcp.json',
    '/Users/ada/Library/Application Support/Code/User/mcp.json',
    '/Users/ada/Library/Application Support/Code - Insiders/User/mcp.json',
    '/work/.vscode/mcp.json',
  ]);
  const windows = clientPlaces({
    platform: 'win32',
    env: { USERPROFILE: 'C:\\Users\\ada', APPDATA: 'D:\\Roaming' },
    cwd: 'C:\\work',
  });
  expect(windows.map(({ path }) => path)).toEqual([
    'D:\\Roaming\\Claude\\claude_desktop_config.json',
    'C:\\Users\\ada\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
    'C:\\Users\\ada\\.claude.json',
    'C:\\work\\.mcp.json',
    'C:\\Users\\ada\\.cursor\\mcp.json',
    'C:\\work\\.cursor\\mcp.json',
    'D:\\Roaming\\Code\\User\\mcp.json',
    'D:\\Roaming\\Code - Insiders\\User\\mcp.json',
    'C:\\work\\.vscode\\mcp.json',
  ]);
  const linux = clientPlaces({
    platform: 'linux',
    env: { HOME: '/home/ada', XDG_CONFIG_HOME: '/xdg', CLAUDE_CONFIG_DIR: '/claude' },
    cwd: '/work',
  });
  expect(linux.map(({ path }) => path)).toEqual([
    '/xdg/Claude/claude_desktop_config.json',
    '/claude/.claude.json',
    '/work/.mcp.json',
    '/home/ada/.cursor/mcp.json',
    '/work/.cursor/mcp.json',
    '/xdg/Code/User/mcp.json',
    '/xdg/Code - Insiders/User/mcp.json',
    '/work/.vscode/mcp.json',
  ]);
});

test('the servers of every client are found, those of projects and in JSON with comments too', () => {
  write(
    '.config/Claude/claude_desktop_config.json',
    '{"mcpServers": {"files": {"command": "npx", "args": ["-y", "x"]}}}',
  );
  write(
    '.claude.json',
    '{"projects": {"/p": {"mcpServers": {"db": {"command": "node", "args": ["db.js"], "env": {"A": "1"}, "cwd": "/p"}}}}}',
  );
  write(
    '.config/Code/User/mcp.json',
    '\uFEFF{ // mine\r\n "servers": {"far": {"type": "http", "url": "https://x"}, }, }',
  );
  write('project/.mcp.json', '{"mcpServers": {"old": {"command": "uvx", "args": [], "disabled": true}}}');
  const summary = read().map(({ client, scope, servers }) => [client, scope, servers.map(({ name }) => name)]);
  expect(summary).toEqual([
    ['Claude Desktop', 'user', ['files']],
    ['Claude Code', 'user', ['db']],
    ['Claude Code', 'project', ['old']],
    ['VS Code', 'user', ['far']],
  ]);
  const [desktop, code, project, vscode] = read().map(({ servers }) => servers[0]!);
  expect(desktop).toMatchObject({ command: 'npx', args: ['-y', 'x'], monitoring: 'not', disabled: false });
  expect(code).toEqual({
    name: 'db',
    location: ['projects', '/p', 'mcpServers', 'db'],
    project: '/p',
    command: 'node',
    args: ['db.js'],
    env: { A: '1' },
    cwd: '/p',
    disabled: false,
    monitoring: 'not',
  } satisfies ConfiguredServer);
  expect(project!.disabled).toBe(true);
  expect(vscode).toMatchObject({ url: 'https://x', monitoring: 'remote' });
});

test('a given file is read once, and a client is recognised by its place', () => {
  const given = write('elsewhere.json', '{"mcpServers": {}}');
  const cursor = write('.cursor/mcp.json', '{"mcpServers": {}}');
  symlinkSync(cursor, join(home, 'link.json'));
  const clients = read({ files: [join(home, 'link.json'), cursor, given] });
  expect(clients.map(({ client, scope, path }) => [client, scope, path])).toEqual([
    ['Cursor', 'user', cursor],
    [undefined, 'given', given],
  ]);
});

test.each([
  ['{\n  "mcpServers": {\n    "a": oops\n  }\n}', ':3:10: not valid JSON'],
  ['[]', ':1:1: expected an object'],
  ['{"mcpServers": {}', ':1:18: not valid JSON: close brace expected'],
  [`{"a": ${'['.repeat(200_000)}`, ' is nested too deeply'],
])('a broken file says where it is broken: %j', (text, complaint) => {
  const path = write('.cursor/mcp.json', text);
  expect(read()).toEqual([
    { client: 'Cursor', scope: 'user', path, servers: [], problem: expect.stringContaining(path + complaint) },
  ]);
});

test('what is no file is not read', () => {
  mkdirSync(join(home, '.claude.json'));
  symlinkSync('.mcp.json', join(home, '.mcp.json'));
  expect(read({ cwd: home })).toEqual([]);
  expect(read()).toEqual([]);
  expect(read({ files: [join(home, '.claude.json')] })[0]!.problem).toMatch(/cannot be read: EISDIR$/);
});

test('a file that is missing or not UTF-8 is a problem of its own', () => {
  const path = join(home, 'utf16.json');
  writeFileSync(path, Buffer.from('\uFEFF{}', 'utf16le'));
  const problems = read({ files: [path, join(home, 'none.json')] }).map(({ problem }) => problem);
  expect(problems).toEqual([`${path} is not UTF-8`, `${join(home, 'none.json')} does not exist`]);
});

test('where a key stands twice the last one counts, and no name is special', () => {
  write(
    '.cursor/mcp.json',
    '{"mcpServers": {"a": {"command": "x"}, "__proto__": {"command": "p"}, "a": {"command": "y"}}}',
  );
  expect(read()[0]!.servers.map(({ name, command }) => [name, command])).toEqual([
    ['a', 'y'],
    ['__proto__', 'p'],
  ]);
  write(
    '.cursor/mcp.json',
    '{"mcpServers": {"a": {"command": "x"}}, "mcpServers": {"b": {"command": "x", "command": "y"}}}',
  );
  expect(read()[0]!.servers.map(({ name, command }) => [name, command])).toEqual([['b', 'y']]);
});

test('this product is recognised wherever it is and however it is called', () => {
  const repository = join(import.meta.dirname, '../../../..');
  expect(monitoring('mcp-vitals', ['stdio'])).toBe('collector');
  expect(monitoring('C:\\npm\\mcp-vitals.cmd', ['wrap', '--', 'python'])).toBe('proxy');
  expect(monitoring('/usr/bin/node', ['/opt/x/bin/mcp-vitals.mjs', 'wrap', '--', 'uvx', 'y'])).toBe('proxy');
  expect(monitoring('node', ['--no-warnings', `${repository}/packages/collector/dist/cli.mjs`, 'stdio'])).toBe(
    'collector',
  );
  expect(monitoring('npx', ['-y', '@mcp-vitals/collector@1.0.0', 'stdio'])).toBe('collector');
  expect(monitoring('cmd', ['/c', 'npx', '-y', '@mcp-vitals/collector', 'wrap', '--', 'x'])).toBe('proxy');
  expect(monitoring('npm', ['exec', '--package=@mcp-vitals/collector', '--', 'mcp-vitals', 'stdio'])).toBe('collector');
  expect(monitoring('node', ['--import', '@mcp-vitals/sdk/register', 'a.js'])).toBe('preload');
  expect(monitoring('node', ['--import=file:///x/@mcp-vitals/sdk/dist/register.mjs', 'a.js'])).toBe('preload');
  expect(monitoring('node', ['--import', `${repository}/packages/sdk/dist/register.mjs`, 'a.js'])).toBe('preload');
  expect(monitoring('node', ['--import', `file://${repository}/packages/collector/bin/register.mjs`, 'a.js'])).toBe(
    'preload',
  );
  const NODE_OPTIONS = '--max-old-space-size=100 --import="file:///x y/@mcp-vitals/sdk/dist/register.mjs"';
  expect(monitoring('npx', ['server'], { NODE_OPTIONS })).toBe('preload');
});

test('what only looks like this product is not taken for it', () => {
  expect(monitoring('node', ['server.js', '--import', '@mcp-vitals/sdk/register'])).toBe('not');
  expect(monitoring('node', ['--import', 'tsx', 'mcp-vitals-server.js', 'wrap'])).toBe('not');
  expect(monitoring('node', ['--import', '/x/sdk/dist/register.mjs', 'a.js'])).toBe('not');
  expect(monitoring('mcp-vitals', ['export'])).toBe('not');
  expect(monitoring('npx', ['@mcp-vitals/collector-plugin', 'stdio'])).toBe('not');
});
