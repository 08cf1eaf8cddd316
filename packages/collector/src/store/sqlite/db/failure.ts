/**
 * What an error of the engine means for the store. Both libraries carry SQLite's result code in `errcode`; its low byte
 * is the kind, the rest says where it happened.
 */
import { VitalsError } from '../../../errors.ts';

export type DatabaseFailure = 'full' | 'read_only' | 'damaged' | 'busy' | 'io' | 'other';

const FAILURE_BY_CODE: ReadonlyMap<number, DatabaseFailure> = new Map([
  [3, 'read_only'], // SQLITE_PERM
  [5, 'busy'], // SQLITE_BUSY
  [8, 'read_only'], // SQLITE_READONLY
  [10, 'io'], // SQLITE_IOERR
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'full'], // SQLITE_FULL
  [14, 'read_only'], // SQLITE_CANTOPEN: the directory or a file of the database may not be opened
  [26, 'damaged'], // SQLITE_NOTADB
]);

/** Undefined when the error is not the engine's. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'read_only';
  if (typeof errcode !== 'number') return undefined;
  return FAILURE_BY_CODE.get(errcode & 0xff) ?? 'other';
}

const ADVICE: Record<DatabaseFailure, { message: string; hint: string; retryAfterMs: number }> = {
  full: { message: 'the disk is full', hint: 'Free space on the disk of the data directory.', retryAfterMs: 30_000 },
  read_only: {
    message: 'the data directory cannot be written',
    hint: 'Check the owner and the mode of the data directory, then restart the collector.',
    retryAfterMs: 60_000,
  },
  damaged: { message: 'the database is damaged', hint: 'It is being set aside; try again.', retryAfterMs: 5_000 },
  busy: { message: 'the database is locked', hint: 'Another program has the database open.', retryAfterMs: 1_000 },
  io: { message: 'the disk reported an error', hint: 'Check the disk of the data directory.', retryAfterMs: 30_000 },
  other: { message: 'the database refused the operation', hint: 'See the log of the collector.', retryAfterMs: 30_000 },
};

/** The error that a caller sees: always `unavailable`, because the same batch may well be stored later. */
export function unavailable(failure: DatabaseFailure, cause?: unknown): VitalsError {
  const { message, hint, retryAfterMs } = ADVICE[failure];
  return new VitalsError('unavailable', `Nothing was stored: ${message}.`, { hint, retryAfterMs, cause });
}
