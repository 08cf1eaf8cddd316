/** The command in this process; with clients and servers it is tested in tests/setup. */
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgram } from './program.ts';

let folder: string;
let dataDir: string;
let file: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mv-init-')));
  dataDir = join(folder, 'data');
  file = join(folder, 'mcp.json');
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `init` on the given files only. */
async function init(...args: string[]): Promise<{ out: string; failed: boolean }> {
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
  process.exitCode = undefined;
  const words = ['init', '--no-search', '--data-dir', dataDir, ...args];
  await (await createProgram(words)).parseAsync(words, { from: 'user' });
  return { out: lines.join('\n'), failed: process.exitCode !== undefined };
}

it('shows, writes once, and undoes', async () => {
  const before = '{"mcpServers": {"a": {"command": "uvx", "args": ["a"]}, "b": {"url": "https://b"}}}\n';
  writeFileSync(file, before);
  const shown = await init(file);
  expect(shown).toMatchObject({ failed: false, out: expect.stringContaining('\n  monitor a by the proxy\n') });
  expect(shown.out).toContain(`--- ${file}\n+++ ${file}\n@@ -1,1 +1,1 @@\n-{"mcpServers"`);
  expect(shown.out).toContain('not touched: b, because it is reached by its URL');
  expect(shown.out).toContain('Nothing was changed.');
  expect(readFileSync(file, 'utf8')).toBe(before);

  expect((await init('--write', file)).out).toMatch(/Written\. A copy of the file as it was: .*before-mcp\.json/);
  const written = readFileSync(file, 'utf8');
  expect((await init('--write', file)).out).toContain('Nothing to do.');
  expect(readFileSync(file, 'utf8')).toBe(written);

  expect(await init('--undo')).toEqual({ failed: false, out: `${file}: restored, byte for byte` });
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect((await init('--undo')).out).toBe(`There is nothing to undo in ${dataDir}.`);
});

it('says what an undo had to leave, and where the copy is', async () => {
  writeFileSync(file, '{"mcpServers": {"a": {"command": "uvx"}}}');
  await init('--write', file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"wrap", "--"', '"wrap", "--name", "n", "--"'));
  const { out, failed } = await init('--undo');
  expect(failed).toBe(true);
  expect(out).toContain('what init had put in was taken out');
  expect(out).toContain('left as it is, because it was edited: a\n');
  expect(out).toContain(join(dataDir, 'setup', '1', 'before-mcp.json'));
  writeFileSync(file, '{');
  expect((await init('--undo')).out).toMatch(/: not undone\n {2}.*mcp\.json:1:2: not valid JSON/);
});

it('goes on with the others when a file cannot be read', async () => {
  writeFileSync(file, '{"mcpServers": {}}');
  const { out, failed } = await init('--write', join(folder, 'none.json'), file);
  expect(failed).toBe(true);
  expect(out).toContain(`${join(folder, 'none.json')} does not exist`);
  expect(readFileSync(file, 'utf8')).toContain('"mcp-vitals"');
});

it('shows where a link leads, tabs as tabs, and no line without an end', async () => {
  writeFileSync(file, `{\n\t"mcpServers": {},\n\t"history": "${'x'.repeat(5_000)}"\n}`);
  symlinkSync(file, join(folder, 'link.json'));
  const { out } = await init(join(folder, 'link.json'));
  expect(out).toContain(`Given file  ${join(folder, 'link.json')} -> ${file}`);
  expect(out).toContain('\n+\t\t"mcp-vitals": {');
  expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThan(600);
});

it('says so when there is nothing to set up', async () => {
  expect((await init()).out).toContain('Name the file of your client: mcp-vitals init FILE');
});
