import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WriteOptions, writeFiles } from './files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mv-files-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const MANIFEST = '.manifest.json';

const write = (files: Record<string, string>, options: Partial<WriteOptions> = {}) =>
  writeFiles(join(dir, 'out'), new Map(Object.entries(files)), { manifest: MANIFEST, ...options });
const pathOf = (name: string) => join(dir, 'out', name);
const read = (name: string) => readFileSync(pathOf(name), 'utf8');

const NOTHING = { created: [], changed: [], unchanged: [], deleted: [], kept: [] };

describe('writeFiles', () => {
  it('writes what differs and deletes what it wrote before', () => {
    expect(write({ 'a.yml': '1', 'b/c.json': '2' })).toEqual({ ...NOTHING, created: ['a.yml', 'b/c.json'] });
    expect(write({ 'a.yml': '1', 'b/c.json': '2' })).toEqual({ ...NOTHING, unchanged: ['a.yml', 'b/c.json'] });
    const later = write({ 'a.yml': '3', 'b/d.json': '4' });
    expect(later).toEqual({ ...NOTHING, changed: ['a.yml'], created: ['b/d.json'], deleted: ['b/c.json'] });
    expect(readdirSync(pathOf('.')).sort()).toEqual([MANIFEST, 'a.yml', 'b']);
    expect(readdirSync(pathOf('b'))).toEqual(['d.json']);
  });

  it('leaves alone what is not as it left it, until it is told otherwise', () => {
    mkdirSync(pathOf('.'), { recursive: true });
    writeFileSync(pathOf('mine.yml'), 'mine');
    write({ 'changed.yml': '1', 'stale.yml': '1', 'mine.yml': '1' });
    writeFileSync(pathOf('changed.yml'), 'by hand');
    writeFileSync(pathOf('stale.yml'), 'by hand');
    const files = { 'changed.yml': '2', 'mine.yml': '2' };
    expect(write(files)).toEqual({ ...NOTHING, kept: ['changed.yml', 'mine.yml', 'stale.yml'] });
    expect([read('changed.yml'), read('mine.yml'), read('stale.yml')]).toEqual(['by hand', 'mine', 'by hand']);
    expect(write(files, { overwrite: true })).toEqual({ ...NOTHING, changed: ['changed.yml', 'mine.yml'] });
    expect(existsSync(pathOf('stale.yml')), 'forgotten once it was kept').toBe(true);
  });

  it('deletes nothing where not all is known, and remembers it', () => {
    write({ 'a.yml': '1', 'tools/b.json': '1' });
    expect(write({ 'a.yml': '2' }, { isPartial: true })).toEqual({ ...NOTHING, changed: ['a.yml'] });
    expect(write({ 'a.yml': '2' })).toEqual({ ...NOTHING, unchanged: ['a.yml'], deleted: ['tools/b.json'] });
  });

  it('reaches nothing outside, whatever somebody wrote into its memory', () => {
    write({ 'a.yml': '1' });
    writeFileSync(join(dir, 'secret'), 'x');
    const hash = JSON.parse(read(MANIFEST))['a.yml'];
    writeFileSync(join(dir, 'same'), '1');
    const names = ['../same', '/etc/passwd', 'b/../../same', '..', './a', '.hidden', '__proto__'];
    writeFileSync(pathOf(MANIFEST), JSON.stringify(Object.fromEntries(names.map((name) => [name, hash]))));
    expect(write({})).toEqual(NOTHING);
    expect(readdirSync(dir).sort()).toEqual(['out', 'same', 'secret']);
    writeFileSync(pathOf(MANIFEST), 'not json');
    expect(write({ 'a.yml': '2' })).toEqual({ ...NOTHING, kept: ['a.yml'] });
  });

  it('takes the place of a link and does not write through it', () => {
    mkdirSync(pathOf('.'), { recursive: true });
    writeFileSync(join(dir, 'target'), '1');
    symlinkSync(join(dir, 'target'), pathOf('a.yml'));
    write({ 'a.yml': '2' }, { overwrite: true });
    expect([read('a.yml'), readFileSync(join(dir, 'target'), 'utf8')]).toEqual(['2', '1']);
  });

  it('says why it cannot write', () => {
    writeFileSync(join(dir, 'out'), 'a file');
    expect(() => write({ 'a.yml': '1' })).toThrow(/out cannot be written: /);
  });
});
