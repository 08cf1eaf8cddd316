/**
 * `daemon.json` tells others where the owner of a data directory listens. It is written after listening began and
 * removed before it ends; after a kill it is stale until the next owner, whose first act is to remove it. So it is only
 * ever a hint: who is owner is decided by the lock, and whether it answers by asking it.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const discoverySchema = z.object({
  /** E.g. `http://127.0.0.1:6848`. */
  url: z.string(),
  /** Path of the unix socket; null where there is none. */
  socket: z.string().nullable(),
  pid: z.number().int(),
  version: z.string(),
});

export type Discovery = z.output<typeof discoverySchema>;

const fileOf = (dataDir: string): string => join(dataDir, 'daemon.json');

/** Written whole under another name first: a reader sees all of it or nothing. */
export function writeDiscovery(dataDir: string, discovery: Discovery): void {
  const draft = `${fileOf(dataDir)}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(discovery)}\n`, { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
}

export function removeDiscovery(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** @returns undefined when there is none or it cannot be read */
export function readDiscovery(dataDir: string): Discovery | undefined {
  try {
    return discoverySchema.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}
