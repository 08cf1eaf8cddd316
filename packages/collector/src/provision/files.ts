/** Files that are generated: what they hold by where they go, and writing them so that nobody's work is lost. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { VitalsError } from '../errors.ts';

/** Content by path below the directory, with slashes. */
export type Files = ReadonlyMap<string, string>;

export interface Written {
  /** Paths, of each kind sorted. */
  created: string[];
  changed: string[];
  unchanged: string[];
  deleted: string[];
  /** Somebody else's, or changed by hand since: left as they are. */
  kept: string[];
}

/** Hash of what was written, by path. */
type Manifest = Record<string, string>;

/** Our own paths: what a manifest says that was tampered with reaches nothing else. */
const SAFE_PATH = /^(?:[a-z0-9][a-z0-9._-]*\/){0,3}[a-z0-9][a-z0-9._-]*$/;

export interface WriteOptions {
  /** Name of the file in the directory that remembers what was written. */
  manifest: string;
  /** Writes over files that are somebody's, and deletes them. */
  overwrite?: boolean | undefined;
  /** Deletes nothing: not all that is wanted is known. */
  isPartial?: boolean;
}

/**
 * Writes what differs and deletes what was written before and is no longer wanted. A file that is not as it was written
 * last is somebody's and left alone.
 * @throws VitalsError `invalid` when the directory cannot be written
 */
export function writeFiles(
  dir: string,
  files: Files,
  { manifest, overwrite = false, isPartial = false }: WriteOptions,
): Written {
  const result: Written = { created: [], changed: [], unchanged: [], deleted: [], kept: [] };
  try {
    const before = readManifest(join(dir, manifest));
    const after: Manifest = isPartial ? { ...before } : {};
    for (const [path, content] of [...files].sort(byPath)) {
      const outcome = writeOne(join(dir, path), content, before[path], overwrite);
      result[outcome].push(path);
      // Of a file that was kept, what we wrote last: it stays somebody's until it is as we left it.
      const hash = outcome === 'kept' ? before[path] : hashOf(content);
      if (hash !== undefined) after[path] = hash;
    }
    for (const [path, hash] of Object.entries(before).sort(byPath)) {
      if (isPartial || files.has(path)) continue;
      const outcome = deleteOne(join(dir, path), hash, overwrite);
      if (outcome !== 'gone') result[outcome].push(path);
    }
    replaceFile(join(dir, manifest), `${JSON.stringify(after, null, 2)}\n`);
  } catch (error) {
    throw new VitalsError('invalid', `${dir} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  return result;
}

const byPath = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function writeOne(path: string, content: string, lastHash: string | undefined, overwrite: boolean) {
  const found = readIfThere(path);
  if (found === content) return 'unchanged';
  if (found !== undefined && hashOf(found) !== lastHash && !overwrite) return 'kept';
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, content);
  return found === undefined ? 'created' : 'changed';
}

function deleteOne(path: string, lastHash: string, overwrite: boolean) {
  const found = readIfThere(path);
  if (found === undefined) return 'gone';
  if (hashOf(found) !== lastHash && !overwrite) return 'kept';
  rmSync(path);
  return 'deleted';
}

/** Whole or not at all: Prometheus and Grafana read these directories while they run. */
function replaceFile(path: string, content: string): void {
  const draft = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, content, { flag: 'wx' });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function readManifest(path: string): Manifest {
  const text = readIfThere(path);
  if (text === undefined) return {};
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return Object.fromEntries(
      entries.filter(([name, hash]) => SAFE_PATH.test(name) && typeof hash === 'string'),
    ) as Manifest;
  } catch {
    // Then nothing is known to be ours, and nothing is overwritten or deleted.
    return {};
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');

/** @param comment lines above it, for those who open it */
export function yamlFile(comment: string, content: object): string {
  const lines = comment.split('\n').map((line) => `# ${line}`);
  // Long expressions stay on one line, so that a search finds them; nothing is shared by reference.
  return `${lines.join('\n')}\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
