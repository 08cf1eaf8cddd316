/**
 * Who changed what, and when: thresholds, acknowledgements, silences, benchmarks, policies. Entries are only ever added; the
 * oldest are forgotten when there are too many.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { AuditEntry } from '../model/audit.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { Store } from '../store/store.ts';

const KIND = 'audit';

/** Kept at least; twice as many at most. */
const DEFAULT_KEPT_ENTRIES = 10_000;

export interface AuditDeps {
  store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  clock: Pick<Clock, 'nowMs'>;
  keptEntries?: number;
}

export function createAuditLog({ store, clock, keptEntries = DEFAULT_KEPT_ENTRIES }: AuditDeps): Audit {
  let untilPruning = keptEntries;
  let recorded = 0;

  async function prune(): Promise<void> {
    const items = await store.readItems(KIND);
    untilPruning = keptEntries;
    const surplus = items.length - keptEntries;
    if (surplus > 0) {
      await store.deleteItems(
        KIND,
        items.slice(0, surplus).map(({ key }) => key),
      );
    }
  }

  return {
    async record(change) {
      const atMs = clock.nowMs();
      // Items are read in the order of their keys: that of time, and within a millisecond that of recording.
      recorded += 1;
      const place = String(recorded % 1_000_000).padStart(6, '0');
      const entryId = `${new Date(atMs).toISOString()}-${place}-${randomUUID().slice(0, 8)}`;
      const entry: AuditEntry = { ...change, entryId, atMs };
      await store.saveItems(KIND, [{ key: entryId, value: entry }]);
      untilPruning -= 1;
      if (untilPruning <= 0) await prune();
      return entry;
    },

    async entries({ fromMs, toMs, actions, server, limit }) {
      const items = await store.readItems(KIND);
      return items
        .map(({ value }) => value as AuditEntry)
        .filter((entry) => entry.atMs >= fromMs && entry.atMs < toMs)
        .filter((entry) => actions === undefined || actions.includes(entry.action))
        .filter((entry) => server === undefined || entry.server === server)
        .reverse()
        .slice(0, limit);
    },
  };
}
