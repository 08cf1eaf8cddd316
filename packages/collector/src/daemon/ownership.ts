/**
 * One process owns a data directory. The lock is the operating system's and ends with the process; nothing that lies on
 * disk is ever taken for it.
 */
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { VitalsError } from '../errors.ts';

export interface Ownership {
  release(): void;
}

/** How a lock on a file is taken; `store/sqlite/db` has the real one. */
export type TryLock = (path: string) => Ownership | undefined;

const LOCK_FILE = 'owner.lock';

/**
 * Creates the data directory, for its owner only. One that exists is closed to others if it is ours or empty; any other
 * is left as it is, because `--data-dir /tmp` must not take the directory away from those who use it.
 * @throws VitalsError when it cannot be used, or is open to others
 */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!isOpenToOthers(dataDir)) return;
    const names = readdirSync(dataDir);
    if (names.length > 0 && !names.includes(LOCK_FILE))
      throw new Error('it is open to other users and holds other files');
    chmodSync(dataDir, 0o700);
  } catch (error) {
    throw new VitalsError('unavailable', `The data directory ${dataDir} cannot be used: ${(error as Error).message}`, {
      cause: error,
      hint: 'Choose another with --data-dir or MCP_VITALS_DATA, or `chmod 700` it where it is yours.',
    });
  }
}

/** Windows has no such modes; there a user's files and directories are the user's own. */
export function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}

/**
 * Makes this process the owner of the directory.
 * @returns undefined when another process is
 */
export function tryOwn(dataDir: string, tryLock: TryLock): Ownership | undefined {
  return tryLock(join(dataDir, LOCK_FILE));
}
