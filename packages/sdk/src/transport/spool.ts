/**
 * Batches on disk that could not be sent: what was in memory when the process ended, and what the memory queue could
 * not hold while the collector was away. Whoever comes next, a process of this SDK or the collector, claims a file by
 * renaming it, sends its batches and deletes it. A batch that is sent twice on the way is counted once, because the
 * collector knows its instance and sequence number.
 *
 * A file `<dataDir>/spool/<instance>-<number>.batches` is a sequence of batches, each a 4-byte big-endian length and
 * that many bytes. Files appear under this name complete, by rename; a claimed one is called
 * `<instance>-<number>.<epoch ms of the claim>.claimed`, and is free again once its claim is old.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Endpoint } from '../endpoint.ts';
import { isLocal } from '../endpoint.ts';
import type { ClaimedSpoolFile, SealedBatch, Spool } from './transport.ts';

const MAX_SPOOL_BYTES = 32 * 1_048_576;
/** A claim this old belongs to a process that died with it. */
const STALE_CLAIM_MS = 10 * 60_000;
/** Less than the time for which a collector remembers what it has seen, so that nothing old is counted twice. */
const MAX_AGE_MS = 6 * 24 * 3_600_000;
const LENGTH_BYTES = 4;

/**
 * Where the spool for `endpoint` is. Batches for another machine have a folder of their own: a local collector takes
 * what is in the folder above, and must not get what was meant for someone else.
 */
export function spoolDirOf(dataDir: string, endpoint: Endpoint): string {
  const shared = join(dataDir, 'spool');
  if (isLocal(endpoint)) return shared;
  return join(shared, createHash('sha256').update(endpoint.origin).digest('hex').slice(0, 16));
}

export class FileSpool implements Spool {
  #number = 0;
  /** Gives the file back that is claimed right now; set in the moment of the claim. */
  #giveBack: (() => void) | undefined;

  constructor(
    readonly directory: string,
    readonly instance: string,
  ) {}

  // Synchronous, because on exit there is no later, and otherwise it happens once in a minute at most.
  write(batches: readonly SealedBatch[]): boolean {
    try {
      const content = frame(batches.map(({ body }) => body));
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      if (sizeOf(this.directory) + content.length > MAX_SPOOL_BYTES) return false;
      this.#number += 1;
      const path = join(this.directory, `${this.instance}-${this.#number}`);
      writeComplete(path, content);
      return true;
    } catch {
      return false;
    }
  }

  async claim(): Promise<ClaimedSpoolFile | undefined> {
    const forget = () => {
      this.#giveBack = undefined;
    };
    const file = await claimNext(this.directory, new Set(), (release) => {
      this.#giveBack = release;
    });
    if (file === undefined) forget();
    return (
      file && {
        ...file,
        done: () => file.done().finally(forget),
        release() {
          file.release();
          forget();
        },
      }
    );
  }

  giveBack(): void {
    this.#giveBack?.();
    this.#giveBack = undefined;
  }
}

/**
 * Claims the files of the spool that a local collector serves, one after the other. The caller calls `done` once the
 * batches of a file are durable, or `release`; what it does neither with is free again after ten minutes.
 */
export async function* claimSpool(dataDir: string): AsyncGenerator<ClaimedSpoolFile> {
  const directory = join(dataDir, 'spool');
  const released = new Set<string>();
  for (let file = await claimNext(directory, released); file; file = await claimNext(directory, released)) {
    const { path, release } = file;
    yield {
      ...file,
      release() {
        released.add(path);
        release();
      },
    };
  }
}

async function claimNext(
  directory: string,
  except: ReadonlySet<string> = new Set(),
  onClaim: (release: () => void) => void = () => {},
): Promise<ClaimedSpoolFile | undefined> {
  const nowMs = Date.now();
  const names = await readdir(directory).catch(() => []);
  for (const name of names.sort()) {
    const free = freeNameOf(name, nowMs);
    if (free === undefined) continue;
    const path = join(directory, free);
    if (except.has(path)) continue;
    const claimed = join(directory, `${free.replace(/\.batches$/, '')}.${nowMs}.claimed`);
    try {
      // Synchronous, so that there is no moment in which the file is claimed and nobody here knows.
      renameSync(join(directory, name), claimed);
    } catch {
      continue; // Somebody else was faster.
    }
    const release = () => {
      try {
        renameSync(claimed, path);
      } catch {
        // It stays claimed and is free again when the claim is old.
      }
    };
    onClaim(release);
    const file = await open(claimed, path, nowMs, release);
    if (file) return file;
  }
  return undefined;
}

async function open(
  claimed: string,
  path: string,
  nowMs: number,
  release: () => void,
): Promise<ClaimedSpoolFile | undefined> {
  const done = () => rm(claimed, { force: true }).catch(() => {});
  try {
    const { mtimeMs, size } = await stat(claimed);
    const isUsable = size <= MAX_SPOOL_BYTES && nowMs - mtimeMs < MAX_AGE_MS;
    const batches = isUsable ? unframe(await readFile(claimed)) : [];
    if (batches.length > 0) return { path, batches, done, release };
  } catch {
    // It cannot be read; like one that is empty or too old, it is of no use to anyone.
  }
  await done();
  return undefined;
}

/** The name that a file has while nobody has claimed it; undefined when somebody has, or when it is no spool file. */
function freeNameOf(name: string, nowMs: number): string | undefined {
  if (name.endsWith('.batches')) return name;
  const [, base, claimedAtMs] = /^(.+)\.(\d{1,15})\.claimed$/.exec(name) ?? [];
  return base !== undefined && nowMs - Number(claimedAtMs) > STALE_CLAIM_MS ? `${base}.batches` : undefined;
}

function sizeOf(directory: string): number {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + (statSync(join(directory, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function writeComplete(path: string, content: Uint8Array): void {
  const unfinished = `${path}.unfinished`;
  try {
    writeFileSync(unfinished, content, { mode: 0o600 });
    renameSync(unfinished, `${path}.batches`);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Batches as one sequence of bytes. */
export function frame(bodies: readonly Uint8Array[]): Uint8Array {
  const lengths = bodies.map((body) => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(body.length);
    return length;
  });
  return Buffer.concat(bodies.flatMap((body, index) => [lengths[index]!, body]));
}

/** The batches in `content`. A torn end is left out. */
export function unframe(content: Buffer): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  let offset = 0;
  while (offset + LENGTH_BYTES <= content.length) {
    const start = offset + LENGTH_BYTES;
    const end = start + content.readUInt32BE(offset);
    if (end > content.length || end === start) break;
    bodies.push(content.subarray(start, end));
    offset = end;
  }
  return bodies;
}
