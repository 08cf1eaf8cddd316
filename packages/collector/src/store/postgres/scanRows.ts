/** Rows as they are stored, page by page, for those who write them elsewhere; what lies in several parts is merged. */

import { nextTurn } from '../../clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { SeriesKey } from '../../model/series.ts';
import { resourceRowOf } from '../resources.ts';
import { compareText } from '../rollupOrder.ts';
import type { RollupLevel, StoredResources, StoredRollup, TimeRange } from '../store.ts';
import { RESOURCE_SUMS, ROLLUP_SUMS, readSum, sketchAggregates } from './columns.ts';
import type { Row } from './database.ts';
import { inSnapshot, type PostgresParts } from './parts.ts';
import { SHARDS } from './schema.ts';

const PAGE_ROWS = 2_000;
/** Rows are merged and put in order for so much time at once. */
const SLICE_MS: Record<RollupLevel, number> = { minute: 5 * MINUTE_MS, hour: 4 * HOUR_MS, day: 5 * DAY_MS };
const NO_DIGEST = new Uint8Array(0);
const EVERYTHING: SeriesKey = { server: '', kind: 'tool', name: '' };

/** @param shards those to read, asked for anew with each page; undefined: all */
export async function* scanRollups(
  parts: PostgresParts,
  level: RollupLevel,
  range: TimeRange,
  shards: () => readonly number[] | undefined,
): AsyncIterable<StoredRollup[]> {
  // What is of everything has a number in each shard, and is one row to everybody else.
  const series = `CASE WHEN series BETWEEN ${-SHARDS} AND -1 THEN 0 ELSE series END`;
  for await (const slice of slices(parts, level, range)) {
    let after = { start: slice.fromMs, series: Number.MIN_SAFE_INTEGER };
    for (let isMore = true; isMore; ) {
      const only = shards();
      const sql = `
        SELECT start, ${series} AS series, ${ROLLUP_SUMS}, ${sketchAggregates(parts.column)} FROM rollup_${level}
        WHERE start >= ${slice.fromMs} AND start < ${slice.toMs} AND (start, ${series}) > ($1, $2) ${only === undefined ? '' : 'AND shard = ANY($3)'}
        GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ${PAGE_ROWS}`;
      const values = [after.start, after.series, ...(only === undefined ? [] : [only])];
      const { rows, page } = await inSnapshot(parts, async ({ session }) => {
        const rows = await session.query(sql, values);
        return { rows, page: rows.flatMap((row) => storedRollup(parts, row)) };
      });
      if (page.length > 0) yield page;
      isMore = rows.length === PAGE_ROWS;
      if (isMore) after = { start: Number(rows.at(-1)!.start), series: Number(rows.at(-1)!.series) };
      await nextTurn();
    }
  }
}

export async function* scanResources(
  parts: PostgresParts,
  level: RollupLevel,
  range: TimeRange,
): AsyncIterable<StoredResources[]> {
  for await (const { fromMs, toMs } of slices(parts, level, range)) {
    const sql = `SELECT start, server, instance, ${RESOURCE_SUMS} FROM resource_${level} WHERE start >= $1 AND start < $2
      GROUP BY start, server, instance`;
    const page = await inSnapshot(parts, async ({ session }) =>
      (await session.query(sql, [fromMs, toMs])).flatMap((row) => {
        const server = parts.series.serverOfScope(Number(row.server));
        return server === undefined ? [] : [resourceRowOf(row, server)];
      }),
    );
    if (page.length > 0) yield page.sort(byStartServerInstance);
    await nextTurn();
  }
}

/** Spans of the range in which there may be rows, ascending. */
async function* slices(
  { partitions }: PostgresParts,
  level: RollupLevel,
  { fromMs, toMs }: TimeRange,
): AsyncIterable<TimeRange> {
  for (const partition of await partitions.list(level)) {
    const end = Math.min(toMs, partition.toMs);
    for (let at = Math.max(fromMs, partition.fromMs); at < end; at += SLICE_MS[level]) {
      yield { fromMs: at, toMs: Math.min(end, at + SLICE_MS[level]) };
    }
  }
}

function storedRollup({ series: { index }, column }: PostgresParts, row: Row): StoredRollup[] {
  const id = Number(row.series);
  const series = id === 0 ? EVERYTHING : index.key(id);
  if (series === undefined) return [];
  const sum = readSum(row, column);
  const { outcomes, sumMs, minMs, maxMs, digest } = sum.toRollup(!sum.empty);
  return [
    {
      startMs: Number(row.start),
      series,
      scope: id > 0 ? 'series' : id === 0 ? 'all' : 'server',
      outcomes,
      sumMs,
      minMs,
      maxMs,
      digest: digest?.toBytes() ?? NO_DIGEST,
    },
  ];
}

function byStartServerInstance(a: StoredResources, b: StoredResources): number {
  return a.startMs - b.startMs || compareText(a.server, b.server) || compareText(a.instance, b.instance);
}
