/**
 * `init --undo`: the way back, newest first. A file that is still as `init` wrote it gets back its bytes; in one that others
 * have changed since, only what `init` put in is taken out.
 */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { VitalsError } from '../errors.ts';
import type { Change } from './changes.ts';
import { serversOf } from './clients.ts';
import { documentBytes, parseDocument, readBytes } from './configDocument.ts';
import { readBackup, readRecords, removeRecord, type SetupRecord, sha256 } from './records.ts';
import { replaceFile } from './replaceFile.ts';
import { revertChange } from './revertChange.ts';
import type { ConfiguredServer } from './serverEntry.ts';

export interface UndoneFile {
  path: string;
  /**
   * `restored`: it has the bytes it had. `taken_back`: others had changed it since, and that stays. `failed`: see `problem`;
   * the file is untouched.
   */
  outcome: 'restored' | 'taken_back' | 'failed';
  /** Changes that were not taken back because others had edited that very place. */
  left: readonly Change[];
  /** Servers that still are started through this product: renamed since, copied, or set up by hand. */
  stillOurs: readonly ConfiguredServer[];
  /** Copies of the file as it was, where they are still needed. */
  backups: readonly string[];
  problem?: VitalsError;
}

/**
 * @param files only these; all that `init` has written when empty
 */
export function undoInit(dataDir: string, files: readonly string[] = []): UndoneFile[] {
  const wanted = new Set(files.map((file) => (existsSync(file) ? realpathSync(file) : resolve(file))));
  const records = readRecords(dataDir).filter(({ path }) => wanted.size === 0 || wanted.has(path));
  const paths = [...new Set(records.map(({ path }) => path))];
  return paths.map((path) => undoFile(path, records.filter((record) => record.path === path).reverse()));
}

function undoFile(path: string, newestFirst: readonly SetupRecord[]): UndoneFile {
  try {
    return undo(path, newestFirst);
  } catch (error) {
    if (!(error instanceof VitalsError)) throw error;
    const backups = newestFirst.map(({ backup }) => backup);
    return { path, outcome: 'failed', left: [], stillOurs: [], backups, problem: error };
  }
}

function undo(path: string, newestFirst: readonly SetupRecord[]): UndoneFile {
  const current = readBytes(path);
  let bytes = current;
  let wasChanged = false;
  const left: Change[] = [];
  const kept: SetupRecord[] = [];
  for (const record of newestFirst) {
    const step = undoRecord(bytes, record);
    bytes = step.bytes;
    wasChanged ||= !step.isRestored;
    left.push(...step.left);
    if (step.left.length > 0) kept.push(record);
  }
  const stillOurs = wasChanged ? startedByUs(path, bytes, left) : [];
  if (!bytes.equals(current)) replaceFile(path, bytes);
  for (const record of newestFirst) if (!kept.includes(record)) removeRecord(record);
  return {
    path,
    outcome: wasChanged ? 'taken_back' : 'restored',
    left,
    stillOurs,
    backups: kept.map(({ backup }) => backup),
  };
}

function startedByUs(path: string, bytes: Buffer, left: readonly Change[]): ConfiguredServer[] {
  const known = new Set(left.map(({ location }) => JSON.stringify(location)));
  return serversOf(parseDocument(path, bytes)).filter(
    ({ monitoring, location }) =>
      ['preload', 'proxy', 'collector'].includes(monitoring) && !known.has(JSON.stringify(location)),
  );
}

function undoRecord(bytes: Buffer, record: SetupRecord): { bytes: Buffer; isRestored: boolean; left: Change[] } {
  const before = sha256(bytes) === record.afterSha256 ? readBackup(record) : undefined;
  if (before !== undefined) return { bytes: before, isRestored: true, left: [] };
  const document = parseDocument(record.path, bytes);
  let { text } = document;
  const left: Change[] = [];
  for (const change of [...record.changes].reverse()) {
    const step = revertChange(text, change);
    text = step.text;
    if (step.outcome === 'left') left.unshift(change);
  }
  return { bytes: documentBytes({ ...document, text }), isRestored: false, left };
}
