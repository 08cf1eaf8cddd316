import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkStays, installedLauncher } from './launcher.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-vitals-launcher ü ')));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text = ''): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** A package as a package manager lays it down. */
function install(folder: string): { bin: string; module: string } {
  file(`${folder}/package.json`, '{"name": "@mcp-vitals/collector"}');
  return { bin: file(`${folder}/bin/mcp-vitals.mjs`), module: file(`${folder}/dist/cli.mjs`) };
}

test('all paths are absolute and lead to this package', () => {
  const { node, bin, registerUrl } = installedLauncher('/usr/bin/mcp-vitals');
  const repository = join(import.meta.dirname, '../../../..');
  expect(node).toBe(process.execPath);
  expect(bin).toBe(join(repository, 'packages/collector/bin/mcp-vitals.mjs'));
  expect(fileURLToPath(registerUrl)).toBe(join(repository, 'packages/collector/bin/register.mjs'));
});

test('the path that stays over upgrades is preferred to the one of a version', () => {
  const { bin, module } = install('store/collector@1.0.0');
  symlinkSync(join(root, 'store/collector@1.0.0'), join(root, 'linked'));
  const called = join(root, 'linked/bin/mcp-vitals.mjs');
  expect(installedLauncher(called, module)).toMatchObject({
    bin: called,
    registerUrl: pathToFileURL(join(root, 'linked/bin/register.mjs')).href,
  });
  const { bin: another } = install('another');
  expect(installedLauncher(another, module).bin).toBe(bin);
  expect(installedLauncher(undefined, module).bin).toBe(bin);
});

test("Homebrew's Node is started by the link that stays", () => {
  const node = file('Cellar/node/22.1.0/bin/node');
  expect(installedLauncher(undefined, undefined, node).node).toBe(node);
  const link = file('opt/node/bin/node');
  expect(installedLauncher(undefined, undefined, node).node).toBe(link);
});

test('the cache of a package runner is no place to be started from', () => {
  for (const cache of ['.npm/_npx/1a2b', '.cache/pnpm/dlx/1a2b', 'xfs-1a2b/dlx-33', 'bunx-0-x']) {
    const { bin, module } = install(`${cache}/node_modules/@mcp-vitals/collector`);
    expect(() => checkStays(installedLauncher(bin, module))).toThrow(/runs from the cache of a package runner/);
  }
  const { bin, module } = install('lib/node_modules/@mcp-vitals/collector');
  expect(() => checkStays(installedLauncher(bin, module))).not.toThrow();
});
