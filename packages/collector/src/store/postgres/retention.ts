/**
 * Forgets what is past its retention: finer rows only once the coarser ones hold them, whole partitions at a time. One
 * collector does it for all. With an archive configured, what goes is written there first.
 */
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import { KEEP_INSTANCE_MS } from '../kept.ts';
import { floorTo, LEVEL_NAMES, LEVELS, type LevelName } from '../levels.ts';
import type { RetentionResult, TimeRange } from '../store.ts';
import { keepFrom } from './coverage.ts';
import type { PostgresParts } from './parts.ts';
import { forgetSenders } from './senders.ts';

export type ArchiveLevel = (level: LevelName, range: TimeRange) => Promise<void>;

export async function applyRetention(
  parts: PostgresParts,
  archive: ArchiveLevel | undefined,
  nowMs: number,
): Promise<RetentionResult> {
  const { database, config, shares } = parts;
  if (!shares.owns('')) return { deletedRows: {} };
  const deletedRows: Record<string, number> = {};
  for (const level of LEVEL_NAMES) {
    const keepFromMs = await cutoff(parts, level, nowMs);
    for (const range of archive === undefined ? [] : await parts.partitions.wholeBefore(level, keepFromMs)) {
      await archive?.(level, range);
    }
    await database.transaction('work', async (session) => {
      await session.script('LOCK TABLE partition IN SHARE MODE');
      const [row] = await session.query('SELECT value FROM meta WHERE key = $1', [`kept_from_${level}`]);
      await keepFrom(session, level, Math.max(Number(row?.value ?? 0), keepFromMs));
    });
    deletedRows[LEVELS[level].rollupTable] = await parts.partitions.dropBefore(level, keepFromMs);
  }
  const { anomalyDays, alertDays } = config.retention;
  deletedRows.anomaly = await database.run(
    'DELETE FROM anomaly WHERE at_ms < $1',
    [nowMs - anomalyDays * DAY_MS],
    'work',
  );
  deletedRows.alert = await database.run(
    `DELETE FROM alert WHERE status = 'resolved' AND resolved_at_ms < $1`,
    [nowMs - alertDays * DAY_MS],
    'work',
  );
  deletedRows.instance = await database.transaction('work', (session) =>
    forgetSenders(session, nowMs - KEEP_INSTANCE_MS),
  );
  deletedRows.series = await database.transaction('work', (session) => parts.series.forget(session, UNUSED_SERIES));
  return { deletedRows };
}

/** Series of which no row is left make room for others under the limit per server. */
const UNUSED_SERIES = `SELECT id FROM series WHERE ${['open', ...LEVEL_NAMES]
  .map((level) => `NOT EXISTS (SELECT FROM rollup_${level} r WHERE r.series = series.id)`)
  .join(' AND ')}`;

/** Start of the rows to keep: minutes go by whole hours and hours by whole days, after they are merged and clean. */
async function cutoff({ database, config }: PostgresParts, level: LevelName, nowMs: number): Promise<number> {
  const { minuteHours, hourDays, dayDays } = config.retention;
  if (level === 'day') return floorTo(DAY_MS, nowMs - dayDays * DAY_MS);
  const merged = level === 'minute' ? 'hour' : 'day';
  const keepMs = level === 'minute' ? minuteHours * HOUR_MS : hourDays * DAY_MS;
  const [row] = await database.query<{ until: string }>(
    `SELECT least((SELECT min(${merged}_merged_until) FROM coverage), (SELECT min(start) FROM stale WHERE level = $1)) until`,
    [merged],
    'work',
  );
  return Math.min(floorTo(LEVELS[merged].spanMs, nowMs - keepMs), Number(row!.until));
}
