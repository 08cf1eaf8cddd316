/**
 * What `init` has done, so that it can be undone: for each file that it wrote a numbered folder in the data directory, with
 * a copy of the file as it was (`before-NAME`, for people too) and the record of the changes.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { VitalsError } from '../errors.ts';
import type { Change } from './changes.ts';

interface StoredRecord {
  version: 1;
  /** The file itself, absolute. */
  path: string;
  beforeSha256: string;
  afterSha256: string;
  /** In the order they were made. */
  changes: readonly Change[];
}

export interface SetupRecord extends StoredRecord {
  folder: string;
  /** Path of the copy of the file as it was. */
  backup: string;
}

const RECORD = 'record.json';
const PRIVATE = { mode: 0o600, flush: true } as const;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Keeps a copy of the file and what will be done to it. To be called before the file is written. */
export function addRecord(
  dataDir: string,
  path: string,
  before: Uint8Array,
  after: Uint8Array,
  changes: readonly Change[],
): SetupRecord {
  const folder = newFolder(join(dataDir, 'setup'));
  const backup = backupIn(folder, path);
  const stored: StoredRecord = {
    version: 1,
    path,
    beforeSha256: sha256(before),
    afterSha256: sha256(after),
    changes,
  };
  writeFileSync(backup, before, PRIVATE);
  writeFileSync(join(folder, RECORD), `${JSON.stringify(stored, null, 2)}\n`, PRIVATE);
  return { ...stored, folder, backup };
}

export function removeRecord({ folder }: SetupRecord): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Every record, oldest first. */
export function readRecords(dataDir: string): SetupRecord[] {
  const root = join(dataDir, 'setup');
  return numbersIn(root).flatMap((number) => readRecord(join(root, String(number))) ?? []);
}

function readRecord(folder: string): SetupRecord | undefined {
  let stored: StoredRecord;
  try {
    stored = JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as StoredRecord;
  } catch {
    // The process ended before the record was complete, and so before it touched the file.
    return undefined;
  }
  if (stored.version !== 1) {
    throw new VitalsError('invalid', `${join(folder, RECORD)} is of a newer version of mcp-vitals`);
  }
  return { ...stored, folder, backup: backupIn(folder, stored.path) };
}

/** The file as it was; undefined when the copy is no longer what was kept. */
export function readBackup({ backup, beforeSha256 }: SetupRecord): Buffer | undefined {
  const bytes = existsSync(backup) ? readFileSync(backup) : undefined;
  return bytes !== undefined && sha256(bytes) === beforeSha256 ? bytes : undefined;
}

function backupIn(folder: string, path: string): string {
  return join(folder, `before-${basename(path)}`);
}

function newFolder(root: string): string {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (let number = (numbersIn(root).at(-1) ?? 0) + 1; ; number += 1) {
    const folder = join(root, String(number));
    try {
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      // Another process took the number.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function numbersIn(root: string): number[] {
  try {
    const names = readdirSync(root).filter((name) => /^\d+$/.test(name));
    return names.map(Number).sort((a, b) => a - b);
  } catch {
    return [];
  }
}
