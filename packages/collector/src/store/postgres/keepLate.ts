/** Minutes that somebody has read already and that are about to be added to: what is added is an item for them as well. */
import { groupBy } from '../../model/groupBy.ts';
import { lateItems } from '../lateAdditions.ts';
import { ROLLUP_SUMS, readSum, sketchAggregates } from './columns.ts';
import type { Session } from './database.ts';
import { insertItems } from './documents.ts';
import type { PostgresParts } from './parts.ts';

/** @param condition in SQL of open rows; `$1` is `shards` */
export async function keepLate(
  { readersOf, series, column }: PostgresParts,
  session: Session,
  condition: string,
  shards: readonly number[],
): Promise<void> {
  if (readersOf === undefined) return;
  await series.refresh(session);
  const due = await session.query(`SELECT DISTINCT start, series FROM rollup_open WHERE ${condition}`, [shards]);
  const late = due.filter((row) => {
    const key = series.index.key(Number(row.series));
    return key !== undefined && readersOf(key.server, Number(row.start)).length > 0;
  });
  if (late.length === 0) return;
  const rows = await session.query(
    `SELECT start, series, ${ROLLUP_SUMS}, ${sketchAggregates(column)} FROM rollup_open
     WHERE ${condition} AND (start, series) IN (SELECT * FROM unnest($2::bigint[], $3::bigint[])) GROUP BY start, series`,
    [shards, late.map(({ start }) => start), late.map((row) => row.series)],
  );
  for (const [minuteMs, additions] of groupBy(rows, ({ start }) => Number(start))) {
    const sums = additions.map((row) => [series.index.key(Number(row.series))!, readSum(row, column)] as const);
    await insertItems(session, 'late', lateItems(readersOf, minuteMs, sums), null);
  }
}
