import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  const { node, bin, registerUrl } = installedLauncher();
  const repository = join(import.meta.dirname, '../../../..');
  expect(node).toBe(process.execPath);
  expect(bin).toBe(join(repository, 'packages/collector/bin/mcp-vitals.mjs'));
  expect(fileURLToPath(registerUrl)).toBe(join(repository, 'packages/collector/bin/register.mjs'));
  expect([bin, fileURLToPath(registerUrl)].map((path) => existsSync(path))).toEqual([true, true]);
});

test.each(['global/5/.pnpm', 'project/node_modules/.pnpm'])("pnpm's link is preferred to its store, %s", (store) => {
  const folder = `${store}/@mcp-vitals+collector@1.0.0/node_modules/@mcp-vitals/collector`;
  const link = join(root, store.split('/.pnpm')[0]!.replace('/node_modules', ''), 'node_modules/@mcp-vitals/collector');
  const { bin, module } = install(folder);
  expect(installedLauncher(module).bin).toBe(bin);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(root, folder), link);
  expect(installedLauncher(module)).toMatchObject({
    bin: join(link, 'bin/mcp-vitals.mjs'),
    registerUrl: pathToFileURL(join(link, 'bin/register.mjs')).href,
  });
});

test("Homebrew's link is preferred to the folder of a version, if it leads there", () => {
  const node = file('Cellar/node/22.1.0/bin/node');
  const another = file('Cellar/node/24.1.0/bin/node');
  mkdirSync(join(root, 'opt'));
  symlinkSync(join(root, 'Cellar/node/22.1.0'), join(root, 'opt/node'));
  expect(installedLauncher(undefined, node).node).toBe(join(root, 'opt/node/bin/node'));
  expect(installedLauncher(undefined, another).node).toBe(another);
});

test('the cache of a package runner is no place to be started from', () => {
  for (const cache of ['.npm/_npx/1a2b', '.cache/pnpm/dlx/1a2b', 'xfs-1a2b/dlx-33', 'bunx-0-x']) {
    const { module } = install(`${cache}/node_modules/@mcp-vitals/collector`);
    expect(() => checkStays(installedLauncher(module))).toThrow(/is in the cache of a package runner/);
  }
  const { module } = install('lib/node_modules/@mcp-vitals/collector');
  expect(() => checkStays(installedLauncher(module))).not.toThrow();
  const node = file('.npm/_npx/1a2b/node_modules/node/bin/node');
  expect(() => checkStays(installedLauncher(module, node))).toThrow(node);
});
