import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataDir } from './ownership.ts';

let parent: string;
let dataDir: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mcp-vitals-ownership-'));
  dataDir = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

function existing(mode: number, ...files: string[]): void {
  mkdirSync(dataDir);
  for (const file of files) writeFileSync(join(dataDir, file), '');
  chmodSync(dataDir, mode);
}

describe.skipIf(process.platform === 'win32')('prepareDataDir', () => {
  it('creates the directory for its owner only', () => {
    prepareDataDir(join(dataDir, 'deeper'));
    expect(modeOf(dataDir)).toBe(0o700);
    expect(modeOf(join(dataDir, 'deeper'))).toBe(0o700);
  });

  it.each([[[]], [['owner.lock', 'vitals.db']]])('closes one that is empty or ours: %j', (files) => {
    existing(0o755, ...files);
    prepareDataDir(dataDir);
    expect(modeOf(dataDir)).toBe(0o700);
  });

  it('refuses one that others use, and leaves it as it is', () => {
    existing(0o755, 'thesis.tex');
    expect(() => prepareDataDir(dataDir)).toThrow(/open to other users and holds other files/);
    expect(modeOf(dataDir)).toBe(0o755);
  });

  it('takes one that is closed already, whatever it holds', () => {
    existing(0o700, 'notes.txt');
    prepareDataDir(dataDir);
    expect(modeOf(dataDir)).toBe(0o700);
  });
});
