/** Puts a durable batch into memory, where queries see it: open minutes, sequence numbers, servers, recent errors. */
import { decodeBatch } from '@mcp-vitals/wire/decode';
import type { IncomingBatch } from '../store.ts';
import type { StoreParts } from './parts.ts';

export function applyBatch(parts: StoreParts, incoming: IncomingBatch, journalId: number): void {
  const minutes = parts.openMinutes.apply(incoming.batch, incoming.skewMs);
  parts.journal.hold(journalId, incoming.body.length, minutes);
  noteSender(parts, incoming);
}

/**
 * Fills memory from the journal. Rows that are written already contain some of it: a minute takes only entries that are
 * newer than the newest in its rows, sequence numbers and losses only what is newer than the last time they were saved.
 * @returns entries that could not be read
 */
export function replayJournal(parts: StoreParts): number {
  const { connection, journal, openMinutes, coverage } = parts;
  const applied = new Map(
    connection
      .all('SELECT minute, journal_id FROM minute_applied')
      .map((row) => [Number(row.minute), Number(row.journal_id)]),
  );
  const savedId = coverage.readMeta('saved_journal_id');
  let unreadable = 0;
  for (const { id, receivedAtMs, skewMs, body } of journal.entries()) {
    try {
      const batch = decodeBatch(body);
      journal.hold(
        id,
        body.length,
        openMinutes.apply(batch, skewMs, (minute) => id > (applied.get(minute) ?? 0)),
      );
      if (id > savedId) noteSender(parts, { batch, body, receivedAtMs, skewMs });
    } catch {
      journal.hold(id, body.length, new Set());
      unreadable++;
    }
  }
  return unreadable;
}

function noteSender({ instances, servers, registry, recentErrors }: StoreParts, incoming: IncomingBatch): void {
  const { batch, skewMs } = incoming;
  instances.observe(incoming);
  servers.observe(incoming);
  for (const { server, kind, name, errors } of batch.windows) {
    if (errors === undefined || errors.length === 0) continue;
    recentErrors.add(registry.id(registry.server(batch.servers[server]!.name), kind, name), errors, skewMs);
  }
}
