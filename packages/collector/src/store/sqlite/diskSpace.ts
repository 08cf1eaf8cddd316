/**
 * Room to move on a full disk. SQLite needs space even to delete; so a file of some megabytes lies ready to be given up,
 * after which one more commit and a clean-up go through.
 */
import { rmSync, statSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

const MEGABYTE = 1_048_576;
export const BALLAST_BYTES = 16 * MEGABYTE;

export class DiskSpace {
  readonly #ballastPath: string;

  constructor(
    private readonly dataDir: string,
    private readonly ballastBytes: number,
  ) {
    this.#ballastPath = join(dataDir, 'ballast');
  }

  /** Bytes that this user can still write; 0 where the file system does not tell. */
  async freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.dataDir);
      return bavail * bsize;
    } catch {
      return 0;
    }
  }

  /** Makes the ballast if it is missing and there is plenty of room. Written out, since a hole in a file reserves nothing. */
  async ensureBallast(): Promise<void> {
    if (sizeOf(this.#ballastPath) >= this.ballastBytes || (await this.freeBytes()) < 4 * this.ballastBytes) return;
    try {
      const file = await open(this.#ballastPath, 'w', 0o600);
      const block = Buffer.alloc(MEGABYTE, 0x2e);
      for (let written = 0; written < this.ballastBytes; written += MEGABYTE) await file.write(block);
      await file.close();
    } catch {
      await rm(this.#ballastPath, { force: true });
    }
  }

  /** False when there was none to give up. */
  dropBallast(): boolean {
    if (sizeOf(this.#ballastPath) === 0) return false;
    rmSync(this.#ballastPath, { force: true });
    return true;
  }
}

/** 0 when there is no such file. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
