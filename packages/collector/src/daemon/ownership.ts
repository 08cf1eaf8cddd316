/**
 * One process owns a data directory. The lock is the operating system's and ends with the process; nothing that lies on
 * disk is ever taken for it.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { VitalsError } from '../errors.ts';

export interface Ownership {
  release(): void;
}

/** How a lock on a file is taken; `store/db` has the real one. */
export type TryLock = (path: string) => Ownership | undefined;

/** Creates the data directory, for its owner only. */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chmodSync(dataDir, 0o700);
  } catch (error) {
    throw new VitalsError('unavailable', `The data directory ${dataDir} cannot be used: ${(error as Error).message}`, {
      cause: error,
      hint: 'Choose another with --data-dir or MCP_VITALS_DATA.',
    });
  }
}

/**
 * Makes this process the owner of the directory.
 * @returns undefined when another process is
 */
export function tryOwn(dataDir: string, tryLock: TryLock): Ownership | undefined {
  return tryLock(join(dataDir, 'owner.lock'));
}
