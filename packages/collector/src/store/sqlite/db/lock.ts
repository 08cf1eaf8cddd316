/**
 * A lock between processes that the operating system releases when its holder dies, however it dies. It is SQLite's own
 * file lock (fcntl on POSIX, LockFileEx on Windows), held by a transaction that never ends on a file that holds nothing:
 * no stale pid files, no time-outs, the same on all three systems.
 */
import { openEngine } from './engine.ts';

export interface ExclusiveLock {
  release(): void;
}

/** SQLITE_BUSY: somebody else holds the lock. */
const SQLITE_BUSY = 5;

/**
 * Takes the lock of the file at `path`, creating the file when there is none.
 * @returns undefined when another connection, in this or any other process, holds it
 */
export function tryExclusiveLock(path: string): ExclusiveLock | undefined {
  const database = openEngine(path, { readOnly: false });
  try {
    // No journal: nothing is ever written, and a kill would leave it behind.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY');
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
