/**
 * Answers `Store.readMinutes`. The database puts the columns of each series together as JSON arrays: one row a series comes
 * back instead of one per minute, which is many times as quick. Times travel as whole microseconds.
 */
import type { MinuteColumns } from '../../model/rollup.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import type { SeriesFilter } from '../../model/series.ts';
import { snap } from '../planner.ts';
import type { TimeRange } from '../store.ts';
import type { Row } from './database.ts';
import { inSnapshot, type PostgresParts } from './parts.ts';

const CALLS = 'ok + tool_error + protocol_error + timeout';
const ERRORS = 'tool_error + protocol_error + timeout';

/** @param owns which servers are seen */
export function readMinutes(
  parts: PostgresParts,
  range: TimeRange,
  filter: SeriesFilter,
  owns: (server: string) => boolean,
): Promise<MinuteColumns[]> {
  return inSnapshot(parts, async ({ session, coverage }) => {
    const { index } = parts.series;
    const { fromMs, toMs } = snap(range, coverage);
    const ids = index.select(filter).filter((id) => owns(index.key(id)!.server));
    if (ids.length === 0) return [];
    const isEverything = ids.length === index.size;
    const within = `start >= ${fromMs} AND start < ${toMs} AND ${isEverything ? 'series > 0' : 'series = ANY($1)'}`;
    const columns = `series, start, ${CALLS} calls, ${ERRORS} errors, sum_ms`;
    const sql = `
      SELECT series, json_agg(start / ${MINUTE_MS} ORDER BY start) minutes, json_agg(calls ORDER BY start) calls,
        json_agg(errors ORDER BY start) errors, json_agg(round(sum_ms * 1000)::bigint ORDER BY start) sum_us
      FROM (SELECT series, start, sum(calls) calls, sum(errors) errors, sum(sum_ms) sum_ms FROM (
          SELECT ${columns} FROM rollup_minute WHERE ${within}
          UNION ALL SELECT ${columns} FROM rollup_open WHERE ${within}) rows
        GROUP BY series, start) minutes
      GROUP BY series`;
    const rows = await session.query(sql, isEverything ? [] : [ids]);
    return rows.flatMap((row) => {
      const series = index.key(Number(row.series));
      return series === undefined ? [] : [{ series, ...columnsOf(row) }];
    });
  });
}

function columnsOf(row: Row): Omit<MinuteColumns, 'series'> {
  const column = (name: string, factor: number) => Float64Array.from(row[name] as number[], (value) => value * factor);
  return {
    minuteMs: column('minutes', MINUTE_MS),
    calls: column('calls', 1),
    errors: column('errors', 1),
    sumMs: column('sum_us', 1 / 1000),
  };
}
