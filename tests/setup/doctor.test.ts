/** `mcp-vitals doctor` as its user runs it: real servers, a real collector, and a client's file that `init` has set up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tokenOf } from '../e2e/support/collector.ts';
import { hasNoPython, PYTHON } from '../wrap/support/python.ts';
import { useHome } from './support/home.ts';
import { runCommand } from './support/runCommand.ts';

const own = (file: string) => fileURLToPath(new URL(`./servers/${file}`, import.meta.url));

const home = useHome();

const doctor = (args: string[], env: Record<string, string> = {}) => runCommand(home.path, ['doctor', ...args], env);

test.skipIf(hasNoPython)('finds nothing wrong with what init has set up, and measures it', async () => {
  const servers = {
    python: { command: PYTHON, args: [own('lookup.py')] },
    node: { command: process.execPath, args: [own('echo.mjs')] },
    left: { command: process.execPath, args: [own('faulty.mjs'), 'none'], env: { MCP_VITALS: 'off' } },
  };
  mkdirSync(join(home.path, '.cursor'));
  writeFileSync(join(home.path, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: servers }));
  expect(await runCommand(home.path, ['init', '--write'])).toMatchObject({ code: 0 });
  const dataDir = join(home.path, '.performance-data');
  const collector = await home.startCollector(dataDir);

  const { code, stdout, stderr } = await doctor(['--start-servers']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toMatch(/^(warning|PROBLEM)/m);
  expect(stdout).toMatch(/^ok {7}collector: version \S+ answers at http:/m);
  expect(stdout).toMatch(/^ok {7}tokens: readable/m);
  for (const name of ['python', 'node']) expect(stdout).toContain(`ok       ${name}: is measured\n`);
  expect(stdout).toContain('ok       left: answers\n');
  expect(stdout).not.toContain('left: is measured');
  // What the check measured has stayed with the check.
  const headers = { authorization: `Bearer ${tokenOf(dataDir, 'read')}` };
  expect(await (await fetch(`${collector.url}/api/v1/servers`, { headers })).json()).toEqual({ servers: [] });
});

test('names each problem once, with what to do, and exits with 1', async () => {
  writeFileSync(
    join(home.path, 'mine.json'),
    JSON.stringify({ mcpServers: { gone: { command: join(home.path, 'none') } } }),
  );
  const { code, stdout, stderr } = await doctor(['--json', '--client-file', 'mine.json']);
  const findings = JSON.parse(stdout) as { check: string; level: string; advice?: string }[];
  const problems = findings.filter(({ level }) => level === 'problem');
  expect(problems.map(({ check }) => check)).toEqual(['collector', 'client files']);
  expect(problems.every(({ advice }) => advice !== undefined)).toBe(true);
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'mcp-vitals: There are 2 problems\n' });
});

test('kills a server that does not end, with all that it has started', async () => {
  const { code, stdout } = await doctor(['--', process.execPath, own('faulty.mjs'), 'lingering']);
  expect(code).toBe(1);
  expect(stdout).toContain('still runs 5 s after its stdin ended');
  const pid = Number(/pid (\d+)/.exec(stdout)?.[1]);
  expect(pid).toBeGreaterThan(0);
  const isRunning = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isRunning, { timeout: 10_000 }).toBe(false);
});

test('what a server writes cannot speak to the terminal', async () => {
  const { stdout } = await doctor(['--', process.execPath, own('faulty.mjs'), 'chatty']);
  expect(stdout).toContain('Welcome\\u{1b}[31m!');
});
