/** Answers `Store.stats`. */
import type { StoreStats } from '../store.ts';
import type { BatchQueue } from './batchQueue.ts';
import type { PostgresParts } from './parts.ts';

/** The disk of the database is not ours to look at; nobody is to be told that it is full for that. */
const UNKNOWN_BYTES = Number.POSITIVE_INFINITY;

export async function readStats({ database }: PostgresParts, queue: BatchQueue): Promise<StoreStats> {
  const [row] = await database.query(
    `SELECT (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relkind = 'r') bytes,
       (SELECT count(*) FROM series) series,
       (SELECT count(*) FROM (SELECT start FROM rollup_open UNION SELECT start FROM resource_open) open) open`,
    [database.schema],
  );
  return {
    databaseBytes: Number(row!.bytes),
    journalBytes: queue.bytes,
    journalEntries: queue.size,
    freeDiskBytes: UNKNOWN_BYTES,
    seriesCount: Number(row!.series),
    openMinutes: Number(row!.open),
    conditions: [],
  };
}
