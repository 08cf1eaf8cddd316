/** Puts a new database under a running store. What is in memory is known to be right and is written to it again. */
import { closeSync, openSync } from 'node:fs';
import { writeMinutes } from './closeMinutes.ts';
import { type Recovery, recoverInto, setAside } from './db/recover.ts';
import { migrate } from './db/schema.ts';
import type { StoreParts } from './parts.ts';

export function exchangeDamaged(parts: StoreParts, nowMs: number): Recovery & { asidePath: string } {
  const { connection, registry, coverage, instances, servers, recentErrors, journal, openMinutes } = parts;
  let asidePath = '';
  connection.reopen(() => {
    asidePath = setAside(connection.path, nowMs);
    closeSync(openSync(connection.path, 'a', 0o600));
  });
  migrate(connection);
  const recovery = recoverInto(connection, asidePath);
  for (const part of [registry, instances, servers, recentErrors]) part.markAllUnsaved();
  connection.transaction(() => coverage.saveAll());
  // The open minutes hold all of the journal that is not in rows, also what could not be recovered of it.
  writeMinutes(parts, openMinutes.starts());
  journal.clear();
  return { ...recovery, asidePath };
}
