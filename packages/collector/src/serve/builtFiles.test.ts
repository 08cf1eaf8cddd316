import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtFilesDir, readBuiltFile } from './builtFiles.ts';

describe('builtFilesDir', () => {
  it('is below the package, wherever the program is run from', () => {
    expect(builtFilesDir().endsWith(join('packages', 'collector', 'dist', 'dashboard'))).toBe(true);
  });
});

describe('readBuiltFile', () => {
  it('says which file is absent and what to do', () => {
    expect(() => readBuiltFile('views/no-such.html')).toThrow(/no-such\.html is absent/);
  });
});
