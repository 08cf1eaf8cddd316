import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tryExclusiveLock } from './lock.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vitals-lock-'));
  path = join(dir, 'owner.lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('is held by one at a time and can be taken again once released', () => {
  const first = tryExclusiveLock(path);
  expect(first).toBeDefined();
  expect(tryExclusiveLock(path)).toBeUndefined();
  first!.release();
  const second = tryExclusiveLock(path);
  expect(second).toBeDefined();
  second!.release();
});

it('survives neither kill -9 nor anything else that ends its holder', async () => {
  const source = `import { tryExclusiveLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    const lock = tryExclusiveLock(${JSON.stringify(path)});
    console.log(lock ? 'held' : 'refused');
    setInterval(() => lock.release, 1000);`;
  const holder = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@mcp-vitals/source', '--input-type=module', '-e', source],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [said] = await once(holder.stdout, 'data');
  expect(String(said).trim()).toBe('held');
  expect(tryExclusiveLock(path)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = tryExclusiveLock(path);
  expect(lock).toBeDefined();
  lock!.release();
});

it('fails with the reason where the file cannot be made', () => {
  expect(() => tryExclusiveLock(join(dir, 'absent', 'owner.lock'))).toThrow();
});
