import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';

const LINE =
  '{"timestamp":"2025-10-31T13:00:00.123Z","mcpServer":"s","toolName":"t","duration":150,"success":true,"error":null,"resource":null}';

let root: string;
let out: string[];
let err: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcp-vitals-exchange-'));
  const dir = join(root, 'tree/metrics/2025-10-31/s');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 't.jsonl'), `${LINE}\nnot json\n`);
  out = [];
  err = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<void> {
  const program = new Command().exitOverride();
  exportCommand(program);
  importCommand(program);
  await program.parseAsync([...args, '--data-dir', join(root, 'data')], { from: 'user' });
}

describe('the commands import and export', () => {
  it('take a tree in, naming what was skipped, and write it out again', async () => {
    await run('import', join(root, 'tree'));
    expect(out).toEqual(['Imported 1, already there or too old 0, skipped 1']);
    expect(err).toEqual([expect.stringMatching(/^metrics\/2025-10-31\/s\/t\.jsonl:2: skipped: /)]);
    await run('export', '--out', join(root, 'copy'), '--from', '2025-10-31T00:00:00Z');
    const [line] = readFileSync(join(root, 'copy/metrics/2025-10-31/s/t.jsonl'), 'utf8').split('\n');
    expect(line).toBe(LINE.replace('00.123Z', '00.000Z'));
  });

  it('refuse a tree that is not there, is a file, or is something else', async () => {
    writeFileSync(join(root, 'file'), LINE);
    for (const [path, message] of [
      ['missing', /cannot be read: ENOENT/],
      ['file', /cannot be read: ENOTDIR/],
      ['.', /is not a tree that export wrote/],
    ] as const) {
      const refused = run('import', join(root, path));
      await expect(refused).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(message) });
    }
    expect(out).toEqual([]);
  });

  it('refuse what makes no sense', async () => {
    await expect(run('export', '--out', join(root, 'copy'), '--from', 'yesterday')).rejects.toMatchObject({
      code: 'invalid',
    });
    await run('import', join(root, 'tree'));
    const lock = tryExclusiveLock(join(root, 'data', 'owner.lock'));
    await expect(run('import', join(root, 'tree'))).rejects.toMatchObject({ code: 'conflict' });
    lock?.release();
  });
});
