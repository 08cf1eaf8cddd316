import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configDiff } from './configDiff.ts';
import { type FilePlan, planInit } from './planInit.ts';
import { LAUNCHER } from './setupFixtures.ts';

const { node, bin, registerUrl } = LAUNCHER;

let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-vitals-plan-')));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const OF_HOME = () => ({ platform: 'linux', env: { HOME: home }, cwd: join(home, 'project') }) as const;

function plan(text: string, path = '.cursor/mcp.json'): FilePlan {
  write(path, text);
  const [planned] = planInit({ ...OF_HOME(), launcher: LAUNCHER });
  if (planned === undefined || 'problem' in planned) throw planned?.problem ?? new Error('nothing was found');
  return planned;
}

/** How the only server of a configuration is to be monitored. */
function howFor(command: string, args: string[]): string | undefined {
  const { changes } = plan(JSON.stringify({ mcpServers: { it: { command, args } } }));
  return changes.find((change) => change.kind === 'wrap')?.how;
}

test('what is put in is laid out as what is there', () => {
  const before = `{
    // mine
    "mcpServers": {
        "a": { "command": "npx", "args": ["-y", "x"] }, // inline
        "b": {
            "command": "node", /* which? */
            "args": [
                // the script
                "b.js",
            ],
        },
        // the end
    },
}
`;
  expect(plan(before).after.toString()).toBe(`{
    // mine
    "mcpServers": {
        "a": { "command": "${node}", "args": ["${bin}", "wrap", "--", "npx", "-y", "x"] }, // inline
        "b": {
            "command": "node", /* which? */
            "args": [
                // the script
                "--import",
                "${registerUrl}",
                "b.js",
            ],
        },
        // the end
        "mcp-vitals": {
            "command": "${node}",
            "args": [
                "${bin}",
                "stdio"
            ]
        },
    },
}
`);
});

test('line ends, tabs and the byte order mark stay as they are', () => {
  const before = '\uFEFF{\r\n\t"mcpServers": {\r\n\t\t"a": {\r\n\t\t\t"command": "uvx"\r\n\t\t}\r\n\t}\r\n}';
  const after = plan(before).after.toString();
  expect(after).toMatch(/^\uFEFF\{\r\n\t"mcpServers": \{\r\n\t\t"a": \{\r\n\t\t\t"command": /);
  expect(after).not.toMatch(/[^\r]\n|\n {1,}/);
  expect(after).toContain('\r\n\t\t"mcp-vitals": {\r\n\t\t\t"command"');
});

test.each([
  ['{"mcpServers":{"a":{"command":"x","args":["y","z"]}}}', '"args":['],
  ['{"mcpServers":{}}', '"mcpServers":{"mcp-vitals":{"command":'],
  ['{"theme":"dark"}', '{"theme":"dark","mcpServers":{"mcp-vitals":{'],
])('one line without blanks stays one: %s', (before, expected) => {
  const after = plan(before).after.toString();
  expect(after).toContain(expected);
  expect(after).not.toMatch(/\s/);
});

test.each(['', '\n', '{}', '{ }', '// nothing yet', '{\n  // nothing yet\n}\n', '{"mcpServers": {}}'])(
  'a file without servers gets the collector: %j',
  (before) => {
    const again = plan(plan(before).after.toString());
    expect(again.changes).toEqual([]);
    expect(again.untouched.map(({ server }) => [server.name, server.monitoring])).toEqual([
      ['mcp-vitals', 'collector'],
    ]);
  },
);

test('Node servers get the preload where that reaches them, all others the proxy', () => {
  expect(howFor('node', ['a.js'])).toBe('preload');
  expect(howFor('/usr/local/bin/node', ['--max-old-space-size=100', 'a.js'])).toBe('preload');
  expect(howFor('C:\\Program Files\\nodejs\\node.exe', ['a.js'])).toBe('preload');
  expect(howFor('/home/a/.nvm/versions/node/v22.1.0/bin/node', ['a.js'])).toBe('preload');
  expect(howFor('/home/a/.nvm/versions/node/v18.20.0/bin/node', ['a.js'])).toBe('proxy');
  expect(howFor('node', ['C:\\Roaming\\npm\\node_modules\\a\\tsx\\a.js'])).toBe('preload');
  expect(howFor('node', ['/lib/node_modules/npm/bin/npx-cli.js', 'a'])).toBe('proxy');
  expect(howFor('node', ['node_modules/x/node_modules/tsx/dist/cli.mjs', 'a.ts'])).toBe('proxy');
  expect(howFor('node', ['./node_modules/.bin/mcp-remote', 'https://x'])).toBe('proxy');
  expect(howFor('node', ['--permission', 'a.js'])).toBe('proxy');
  expect(howFor('node', ['inspect', 'a.js'])).toBe('proxy');
  expect(howFor('node', [])).toBe('proxy');
  for (const command of ['npx', 'uvx', 'python3', 'docker', 'bun', 'tsx', './node_modules/.bin/server', '$NODE']) {
    expect(howFor(command, ['a.js'])).toBe('proxy');
  }
});

test('what is not to be touched is named with its reason', () => {
  const { changes, untouched } = plan(
    JSON.stringify({
      mcpServers: {
        far: { url: 'https://example.com/mcp' },
        mine: { command: 'mcp-vitals', args: ['stdio'] },
        wrapped: { command: 'mcp-vitals', args: ['wrap', '--', 'x'] },
        odd: { command: 'x', args: 'y' },
        nothing: {},
        line: { command: 'npx -y server' },
        off: { command: 'x', env: { MCP_VITALS: 'off' } },
      },
    }),
  );
  expect(changes).toEqual([]);
  expect(untouched.map(({ server, reason }) => [server.name, reason])).toEqual([
    ['far', 'it is reached by its URL: put `mcp-vitals wrap --http URL` before it'],
    ['mine', 'it is the collector'],
    ['wrapped', 'it is monitored already, by the proxy'],
    ['odd', 'its args are not a list of texts'],
    ['nothing', 'it has neither a command nor a URL'],
    ['line', 'its command is a whole command line'],
    ['off', 'its env switches MCP_VITALS off'],
  ]);
});

test('a disabled server stays disabled, and a name that is taken is not overwritten', () => {
  const { after } = plan('{"mcpServers": {"mcp-vitals": {"command": "other", "disabled": true, "args": []}}}');
  expect(JSON.parse(after.toString())).toEqual({
    mcpServers: {
      'mcp-vitals': { command: node, disabled: true, args: [bin, 'wrap', '--', 'other'] },
      'mcp-vitals-2': { command: node, args: [bin, 'stdio'] },
    },
  });
});

test('a project gets the collector only where the client does not have it already', () => {
  write('project/.mcp.json', '{"mcpServers": {}}');
  write('project/.vscode/mcp.json', '{"servers": {}}');
  write('.claude.json', '{}');
  const plans = planInit({ ...OF_HOME(), launcher: LAUNCHER });
  expect(
    plans.map((planned) => [planned.client, planned.scope, 'changes' in planned && planned.changes.length]),
  ).toEqual([
    ['Claude Code', 'user', 1],
    ['Claude Code', 'project', 0],
    ['VS Code', 'project', 1],
  ]);
});

test('a client that has the collector in one of its projects gets it for the others', () => {
  const own = { 'mcp-vitals': { command: 'mcp-vitals', args: ['stdio'] } };
  const { changes } = plan(JSON.stringify({ projects: { '/p': { mcpServers: own } } }), '.claude.json');
  expect(changes.map(({ location }) => location)).toEqual([['mcpServers', 'mcp-vitals']]);
});

test('a data directory that servers do not find by themselves is told to them', () => {
  write(
    '.cursor/mcp.json',
    '{"mcpServers": {"a": {"command": "x"}, "b": {"command": "node", "args": ["b"], "env": {"K": "1"}}}}',
  );
  const [planned] = planInit({ ...OF_HOME(), launcher: LAUNCHER, dataDir: '/data' });
  expect(JSON.parse(String((planned as FilePlan).after))).toEqual({
    mcpServers: {
      a: { command: node, args: [bin, 'wrap', '--', 'x'], env: { MCP_VITALS_DATA: '/data' } },
      b: { command: 'node', args: ['--import', registerUrl, 'b'], env: { K: '1', MCP_VITALS_DATA: '/data' } },
      'mcp-vitals': { command: node, args: [bin, 'stdio', '--data-dir', '/data'] },
    },
  });
});

test('lists of servers that are none are refused', () => {
  expect(() => plan('{"mcpServers": []}')).toThrow(/: "mcpServers" is not an object$/);
  expect(() => plan('{"projects": {"/p": {"mcpServers": null}}}')).toThrow(
    /"projects\.\/p\.mcpServers" is not an object$/,
  );
});

test('the diff covers what may be a secret', () => {
  const planned = plan(`{
  "mcpServers": {
    "a": { "command": "x", "env": { "KEY": "s3cret", "N": 1 } },
    "b": { "url": "https://b", "headers": { "authorization": "s3cret" } }
  }
}
`);
  const lines = configDiff(planned);
  expect(lines.join('\n')).not.toContain('s3cret');
  expect(lines).toContain('-    "a": { "command": "x", "env": { "KEY": "***", "N": "***" } },');
  expect(lines.slice(0, 3)).toEqual([`--- ${planned.path}`, `+++ ${planned.path}`, '@@ -1,6 +1,13 @@']);
  expect(planned.after.toString()).toContain('s3cret');
});
