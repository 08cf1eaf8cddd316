/** Replaces a file so that whoever reads it meets the old contents or the new, and nothing in between. */
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { VitalsError } from '../errors.ts';

/**
 * Keeps the file's mode and, where allowed, its owner.
 * @param path the file itself, not a link to it
 * @throws VitalsError `unavailable` when that cannot be done; then the file is as it was
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const { mode, uid, gid } = statSync(path);
    // Closed to others from the start: what is in it may be secret.
    const file = openSync(temporary, 'wx', 0o600);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    keepOwner(temporary, uid, gid);
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new VitalsError('unavailable', `${path} cannot be written: ${code ?? message}`, { cause: error });
  }
}

function keepOwner(path: string, uid: number, gid: number): void {
  const now = statSync(path);
  if (now.uid === uid && now.gid === gid) return;
  try {
    chownSync(path, uid, gid);
  } catch {
    // Only root may give files away; who else may replace the file becomes its owner.
  }
}
