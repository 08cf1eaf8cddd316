/**
 * Packs every package as it would be published and lets publint and attw look at the tarball: files that are missing,
 * exports that do not resolve, types that do not fit.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = join(ROOT, 'packages');

/** Runs a command quietly; its output is shown only when it fails. @throws Error then */
function run(command: string, args: string[], cwd: string, shell = false): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', shell });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${stdout}${stderr}${error?.message ?? ''}`);
}

const tool = (path: string, ...args: string[]) =>
  run(process.execPath, [join(ROOT, 'node_modules', path), ...args], ROOT);

function check(folder: string, into: string): void {
  const before = new Set(readdirSync(into));
  // npm leaves `workspace:` versions and publishConfig as they are; pnpm writes what the registry will see.
  const isWindows = process.platform === 'win32';
  run(isWindows ? 'npx.cmd' : 'npx', ['--yes', 'pnpm@10.34.9', 'pack', '--pack-destination', into], folder, isWindows);
  const tarball = readdirSync(into).find((file) => !before.has(file));
  if (tarball === undefined) throw new Error(`nothing was packed in ${folder}`);
  tool('publint/src/cli.js', 'run', join(into, tarball), '--strict');
  tool('@arethetypeswrong/cli/dist/index.js', join(into, tarball), '--profile', 'esm-only');
  console.error(`${tarball} is fit to be published`);
}

const tarballs = mkdtempSync(join(tmpdir(), 'mcp-vitals-pack-'));
for (const name of readdirSync(PACKAGES)) {
  const manifest = JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')) as { private?: boolean };
  if (manifest.private === true) continue;
  try {
    check(join(PACKAGES, name), tarballs);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
rmSync(tarballs, { recursive: true, force: true });
