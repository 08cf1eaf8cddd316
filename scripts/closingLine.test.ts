import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

beforeEach(async () => {
  // Inside the repository, so that the run finds vitest.
  folder = await mkdtemp(join(root, 'node_modules', '.closing-line-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs vitest itself on one file and returns the last line it printed. */
async function lastLineOf(testFile: string): Promise<string | undefined> {
  await writeFile(join(folder, 'one.test.mjs'), testFile);
  await writeFile(
    join(folder, 'vitest.config.mjs'),
    'export default { test: { include: ["*.test.mjs"], exclude: [] } };',
  );
  const reporter = join(root, 'scripts/closingLine.ts');
  const args = ['run', '--root', folder, '--reporter=default', `--reporter=${reporter}`];
  const command = promisify(execFile)(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args]);
  const { stdout } = await command.catch((error: { stdout: string }) => error);
  return stdout.trimEnd().split('\n').at(-1);
}

it('closes a run with the numbers of its tests, alone on the last line', async () => {
  const line = await lastLineOf(`
    import { expect, it } from 'vitest';
    it('a', () => {}); it('b', () => {}); it('c', () => expect(1).toBe(2)); it['skip']('d', () => {});`);
  expect(line).toBe('2 passed, 1 failed, 1 skipped');
});

it('counts a file that cannot be read as one failed', async () => {
  expect(await lastLineOf(`import './nothing-of-this-name.mjs';`)).toBe('0 passed, 1 failed, 0 skipped');
});
