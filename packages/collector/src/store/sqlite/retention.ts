/**
 * Deletes what is past its retention: finer rows only once the coarser ones hold them, in slices that let ingest run. With
 * an archive configured, what goes is written there first.
 */

import { nextTurn } from '../../clock.ts';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import { KEEP_INSTANCE_MS } from '../kept.ts';
import { floorTo, LEVEL_NAMES, LEVELS, type LevelName } from '../levels.ts';
import type { RetentionResult, TimeRange } from '../store.ts';
import type { AlertTable } from './alertTable.ts';
import type { AnomalyTable } from './anomalyTable.ts';
import type { StoreParts } from './parts.ts';

export interface RetainedTables {
  anomalies: AnomalyTable;
  alerts: AlertTable;
  /** Writes rows of a level that are about to be deleted; absent when nothing is archived. */
  archive: ((level: LevelName, range: TimeRange) => Promise<void>) | undefined;
}

export async function applyRetention(
  parts: StoreParts,
  tables: RetainedTables,
  nowMs: number,
): Promise<RetentionResult> {
  const { connection, config, instances } = parts;
  const deletedRows: Record<string, number> = {};
  for (const level of LEVEL_NAMES)
    deletedRows[LEVELS[level].rollupTable] = await trimLevel(parts, level, cutoff(parts, level, nowMs), tables.archive);
  deletedRows.anomaly = tables.anomalies.deleteBefore(nowMs - config.retention.anomalyDays * DAY_MS);
  deletedRows.alert = tables.alerts.deleteResolvedBefore(nowMs - config.retention.alertDays * DAY_MS);
  deletedRows.instance = connection.transaction(() => instances.forgetBefore(nowMs - KEEP_INSTANCE_MS));
  deletedRows.series = forgetSeries(parts);
  connection.exec('PRAGMA incremental_vacuum');
  return { deletedRows };
}

/** Start of the rows to keep: minutes go by whole hours and hours by whole days, after they are merged and clean. */
function cutoff({ config, coverage }: StoreParts, level: LevelName, nowMs: number): number {
  const { minuteHours, hourDays, dayDays } = config.retention;
  if (level === 'day') return floorTo(DAY_MS, nowMs - dayDays * DAY_MS);
  const merged = level === 'minute' ? 'hour' : 'day';
  const keepMs = level === 'minute' ? minuteHours * HOUR_MS : hourDays * DAY_MS;
  const wanted = floorTo(LEVELS[merged].spanMs, nowMs - keepMs);
  return Math.min(wanted, coverage.mergedUntil[merged], ...coverage.dirty(merged).map(([startMs]) => startMs));
}

async function trimLevel(
  parts: StoreParts,
  level: LevelName,
  keepFromMs: number,
  archive: RetainedTables['archive'],
): Promise<number> {
  const { connection, coverage, rollups, resources } = parts;
  const firstMs = rollups[level].extent()?.firstMs ?? keepFromMs;
  if (firstMs < keepFromMs) await archive?.(level, { fromMs: firstMs, toMs: keepFromMs });
  // From here on late windows go to the coarser row, so nothing is added to rows that are about to go.
  coverage.keepFrom(level, Math.max(coverage.keptFrom[level], keepFromMs));
  const sliceMs = level === 'minute' ? HOUR_MS : DAY_MS;
  let deleted = 0;
  for (
    let first = rollups[level].extent()?.firstMs;
    first !== undefined && first < keepFromMs;
    first = rollups[level].nextStart(first)
  ) {
    const range = { fromMs: first, toMs: Math.min(keepFromMs, floorTo(sliceMs, first) + sliceMs) };
    deleted += connection.transaction(() => rollups[level].deleteWithin(range));
    await nextTurn();
  }
  resources[level].deleteWithin({ fromMs: 0, toMs: keepFromMs });
  return deleted;
}

/** Series of which no row is left, in memory or on disk, make room for others under the limit per server. */
function forgetSeries({ connection, registry, recentErrors, openMinutes, coverage }: StoreParts): number {
  const inUse = LEVEL_NAMES.map((level) => `SELECT series FROM ${LEVELS[level].rollupTable}`).join(' UNION ');
  const open = new Set(openMinutes.starts().flatMap((start) => [...openMinutes.get(start)!.series.keys()]));
  const unused = connection
    .all(`SELECT id FROM series WHERE id > 0 AND id NOT IN (${inUse})`)
    .map(({ id }) => Number(id))
    .filter((id) => !open.has(id));
  if (unused.length === 0) return 0;
  const ids = JSON.stringify(unused);
  connection.transaction(() => {
    connection.run('DELETE FROM series WHERE id IN (SELECT value FROM json_each(?))', ids);
    connection.run('DELETE FROM recent_error WHERE series IN (SELECT value FROM json_each(?))', ids);
    coverage.writeMeta('last_series_id', registry.lastId);
  });
  registry.forget(unused);
  recentErrors.forget(unused);
  return unused.length;
}
