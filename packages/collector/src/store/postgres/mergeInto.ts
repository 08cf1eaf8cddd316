/**
 * Rows of calls merged into rows of a table: by the database itself where the digests are its own, else read, merged here
 * and written back. With `scopes`, what makes up a server, and everything in a shard, becomes a row of its own.
 */
import type { Accumulator } from '../accumulator.ts';
import {
  ROLLUP_COLUMN_COUNT,
  ROLLUP_COLUMNS,
  ROLLUP_FIGURES,
  ROLLUP_SUMS,
  readSum,
  sketchAggregates,
  writeRollup,
} from './columns.ts';
import { CopyWriter } from './copyWriter.ts';
import type { Session } from './database.ts';
import type { DigestColumn } from './digestColumn.ts';
import { compactHistograms, MERGE_HISTOGRAMS, SKETCH_COLUMNS, writeSketch } from './histogramColumn.ts';

export interface Merge {
  target: string;
  /** A query for rows of all columns with the sketch; their order is free; `$1` is `shards`. */
  rows: string;
  shards: readonly number[];
  /** Where the merged rows start. */
  starts: readonly number[];
  scopes: boolean;
}

export function mergeInto(session: Session, column: DigestColumn, merge: Merge): Promise<void> {
  return column.mergesInDatabase ? mergeThere(session, column, merge) : mergeHere(session, column, merge);
}

/** Servers are merged from their series, and everything from the servers, so that each digest is taken apart once. */
async function mergeThere(
  session: Session,
  column: DigestColumn,
  { target, rows, shards, starts, scopes }: Merge,
): Promise<void> {
  const sums = `${ROLLUP_SUMS}, ${column.merge('digest')} digest, ${MERGE_HISTOGRAMS} histogram`;
  const all = `${ROLLUP_COLUMNS}, ${SKETCH_COLUMNS}`;
  const series = `series_rows AS MATERIALIZED (SELECT start, series, shard, ${sums} FROM (${rows}) raw GROUP BY start, series, shard)`;
  const ofServers = `server_rows AS MATERIALIZED (SELECT r.start, s.scope_id AS series, r.shard, ${sums} FROM series_rows r JOIN series s ON s.id = r.series
    WHERE s.kind = 'tool' GROUP BY r.start, s.scope_id, r.shard)`;
  const everything = `SELECT start, -1 - shard AS series, shard, ${sums} FROM server_rows GROUP BY start, shard`;
  const sql = scopes
    ? `WITH ${series}, ${ofServers} INSERT INTO ${target} (${all})
       SELECT ${all} FROM series_rows UNION ALL SELECT ${all} FROM server_rows UNION ALL SELECT ${all} FROM (${everything}) everything`
    : `INSERT INTO ${target} (${all}) SELECT start, series, shard, ${sums} FROM (${rows}) raw GROUP BY start, series, shard`;
  await session.run(sql, [shards]);
  await compactHistograms(session, target, starts, shards);
}

async function mergeHere(
  session: Session,
  column: DigestColumn,
  { target, rows, shards, scopes }: Merge,
): Promise<void> {
  const select = (series: string, from: string) => `
    SELECT start, ${series} AS series, shard, ${ROLLUP_SUMS}, ${sketchAggregates(column)} FROM ${from} GROUP BY 1, 2, shard`;
  const raw = `(SELECT start, series, shard, ${ROLLUP_FIGURES}, ${SKETCH_COLUMNS} FROM (${rows}) raw) raw`;
  const tools = `${raw} JOIN (SELECT id, scope_id FROM series WHERE kind = 'tool') s ON s.id = raw.series`;
  const queries = [select('series', raw), ...(scopes ? [select('scope_id', tools), select('-1 - shard', tools)] : [])];
  const writer = new CopyWriter(ROLLUP_COLUMN_COUNT);
  for (const query of queries) {
    for (const row of await session.query(query, [shards])) {
      const sum: Accumulator = readSum(row, column);
      const key = { startMs: Number(row.start), series: Number(row.series), shard: Number(row.shard) };
      const rollup = sum.toRollup(!sum.empty);
      writeRollup(writer, key, rollup, 'bigint');
      writeSketch(writer, column, rollup.digest);
    }
  }
  await writer.copyTo(session, `${target} (${ROLLUP_COLUMNS}, ${SKETCH_COLUMNS})`);
}
