/**
 * Answers `Store.readMinutes`. The engine puts the columns of a series together as JSON arrays: one row per series comes
 * back instead of one per minute, which is five times as fast for a day of everything.
 */
import { callCount, errorCount, type MinuteColumns } from '../model/rollup.ts';
import type { SeriesFilter } from '../model/series.ts';
import type { Accumulator } from './accumulator.ts';
import type { Row } from './db/engine.ts';
import { LEVELS } from './levels.ts';
import type { StoreParts } from './parts.ts';
import { snap } from './planner.ts';
import type { TimeRange } from './store.ts';

const COLUMNS = `json_group_array(start) minute_ms, json_group_array(calls) calls, json_group_array(errors) errors,
  json_group_array(sum_ms) sum_ms, json_group_array(max_ms) max_ms`;
const ROW =
  'series, start, ok + tool_error + protocol_error + timeout calls, tool_error + protocol_error + timeout errors, sum_ms, max_ms';

type Columns = Omit<MinuteColumns, 'series'>;

export function readMinutes(parts: StoreParts, range: TimeRange, filter: SeriesFilter): MinuteColumns[] {
  const { registry, openMinutes, coverage } = parts;
  const { fromMs, toMs } = snap(range, coverage);
  const ids = registry.select(filter);
  const columns = new Map<number, Columns>();
  for (const row of queryColumns(parts, { fromMs, toMs }, ids)) columns.set(Number(row.series), parseColumns(row));

  const wanted = new Set(ids);
  for (const minute of openMinutes.within(fromMs, toMs)) {
    for (const [id, sum] of minute.series) {
      if (wanted.has(id)) columns.set(id, withMinute(columns.get(id), minute.startMs, sum));
    }
  }
  return ids.flatMap((id) => {
    const series = registry.key(id);
    const own = columns.get(id);
    return series === undefined || own === undefined ? [] : [{ series, ...own }];
  });
}

function queryColumns(
  { connection, registry }: StoreParts,
  { fromMs, toMs }: TimeRange,
  ids: readonly number[],
): Row[] {
  const { rollupTable, spanMs } = LEVELS.minute;
  if (ids.length === 0 || fromMs >= toMs) return [];
  if (ids.length * 10 > registry.size) {
    const rows = `SELECT ${ROW} FROM ${rollupTable} WHERE start >= ? AND start < ? AND series > 0 ORDER BY series, start`;
    return connection.all(`SELECT series, ${COLUMNS} FROM (${rows}) GROUP BY series`, fromMs, toMs);
  }
  const rows = `
    WITH RECURSIVE times (t) AS (SELECT ? UNION ALL SELECT t + ${spanMs} FROM times WHERE t + ${spanMs} < ?)
    SELECT ${ROW} FROM json_each(?) ids CROSS JOIN times CROSS JOIN ${rollupTable} ON start = t AND series = ids.value ORDER BY series, start`;
  const first = Math.max(fromMs, Number(connection.get(`SELECT min(start) first FROM ${rollupTable}`)?.first ?? toMs));
  return connection.all(`SELECT series, ${COLUMNS} FROM (${rows}) GROUP BY series`, first, toMs, JSON.stringify(ids));
}

function parseColumns(row: Row): Columns {
  const column = (name: string) =>
    Float64Array.from(JSON.parse(row[name] as string) as (number | null)[], (value) => value ?? Number.NaN);
  return {
    minuteMs: column('minute_ms'),
    calls: column('calls'),
    errors: column('errors'),
    sumMs: column('sum_ms'),
    maxMs: column('max_ms'),
  };
}

/** Adds a minute that is in memory; its row may exist already, when the minute was opened again. */
function withMinute(columns: Columns | undefined, minuteMs: number, sum: Accumulator): Columns {
  const added = {
    minuteMs,
    calls: callCount(sum),
    errors: errorCount(sum),
    sumMs: sum.sumMs,
    maxMs: sum.empty ? Number.NaN : sum.maxMs,
  };
  const empty = new Float64Array(0);
  const own = columns ?? { minuteMs: empty, calls: empty, errors: empty, sumMs: empty, maxMs: empty };
  const at = own.minuteMs.findIndex((start) => start >= minuteMs);
  const index = at === -1 ? own.minuteMs.length : at;
  if (own.minuteMs[index] === minuteMs) {
    own.calls[index]! += added.calls;
    own.errors[index]! += added.errors;
    own.sumMs[index]! += added.sumMs;
    own.maxMs[index] = Number.isNaN(own.maxMs[index]!) ? added.maxMs : Math.max(own.maxMs[index]!, sum.maxMs);
    return own;
  }
  const insert = (column: Float64Array, value: number) =>
    Float64Array.of(...column.subarray(0, index), value, ...column.subarray(index));
  return {
    minuteMs: insert(own.minuteMs, added.minuteMs),
    calls: insert(own.calls, added.calls),
    errors: insert(own.errors, added.errors),
    sumMs: insert(own.sumMs, added.sumMs),
    maxMs: insert(own.maxMs, added.maxMs),
  };
}
