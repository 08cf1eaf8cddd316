/**
 * Moves minutes that are over from the open rows to the rows of their level, merged: those of one series into one, and what
 * makes up a server, or everything, into one as well. One transaction holds the new rows and the end of the old ones, as of
 * one snapshot: what arrives meanwhile stays for the next time.
 */
import { MINUTE_MS } from '../../model/rollup.ts';
import { ERRORS_PER_SERIES, MAX_AHEAD_MS } from '../kept.ts';
import { floorTo, LEVEL_NAMES, LEVELS, type LevelName, type MergedLevelName } from '../levels.ts';
import { RESOURCE_COLUMNS } from '../resources.ts';
import { RESOURCE_KEY, RESOURCE_SUMS, ROLLUP_FIGURES } from './columns.ts';
import { Coverage } from './coverage.ts';
import type { Session } from './database.ts';
import { SKETCH_COLUMNS } from './histogramColumn.ts';
import { keepLate } from './keepLate.ts';
import { mergeInto } from './mergeInto.ts';
import type { PostgresParts } from './parts.ts';

export async function closeMinutes(parts: PostgresParts, nowMs: number): Promise<void> {
  const { database, shares, partitions } = parts;
  const mine = [...shares.mine];
  if (mine.length === 0) return;
  const due = dueCondition(parts, nowMs);
  const starts = await database.session('work', async (session) => {
    const coverage = await Coverage.read(session);
    const rows = await session.query<{ start: string }>(
      `SELECT DISTINCT start FROM (SELECT start FROM rollup_open WHERE shard = ANY($1) AND ${due}
         UNION SELECT start FROM resource_open WHERE shard = ANY($1) AND ${due}) rows`,
      [mine],
    );
    return rows.map(({ start }) => ({ start: Number(start), level: coverage.levelFor(Number(start)) }));
  });
  if (starts.length === 0) return;
  for (const level of LEVEL_NAMES) {
    const ofLevel = starts
      .filter((each) => each.level === level)
      .map(({ start }) => floorTo(LEVELS[level].spanMs, start));
    await partitions.ensure(level, ofLevel);
  }
  await database.transaction(
    'work',
    (session) => move(parts, session, { mine, due, starts: starts.map(({ start }) => start) }),
    'repeatable read',
  );
}

/** Minutes that are past their grace, which late ones are at once. */
function dueCondition({ config }: PostgresParts, nowMs: number): string {
  const graceMs = config.ingest.minuteGraceSeconds * 1000;
  return `(start <= ${Math.floor(nowMs - MINUTE_MS - graceMs)} OR start > ${Math.floor(nowMs + MAX_AHEAD_MS)})`;
}

interface Due {
  mine: readonly number[];
  /** In SQL. */
  due: string;
  /** The minutes that are due. */
  starts: readonly number[];
}

async function move(parts: PostgresParts, session: Session, { mine, due, starts }: Due): Promise<void> {
  // From which minute on there are rows must not change meanwhile; `applyRetention` waits for us, or we for it.
  await session.script('LOCK TABLE partition IN ROW EXCLUSIVE MODE');
  const shards = await parts.shares.hold(session, mine);
  if (shards.length === 0) return;
  const coverage = await Coverage.read(session);
  await keepLate(parts, session, `shard = ANY($1) AND ${due}`, shards);
  for (const level of LEVEL_NAMES) {
    const within = levelCondition(level, coverage);
    if (within === undefined) continue;
    const condition = `shard = ANY($1) AND ${due} AND ${within}`;
    await moveRollups(parts, session, level, { condition, shards, starts });
    await moveResources(session, level, condition, shards);
    await markStale(session, level, condition, shards);
  }
  const where = `WHERE shard = ANY($1) AND ${due}`;
  const moved = await session.run(`DELETE FROM rollup_open ${where}`, [shards]);
  await session.run(`DELETE FROM resource_open ${where}`, [shards]);
  if (moved > 0) await trimErrors(session, shards);
}

/** Which minutes go to a level: the finest that is still kept for them; undefined when none can. */
function levelCondition(level: LevelName, { keptFrom }: Coverage): string | undefined {
  if (level === 'minute') return `start >= ${keptFrom.minute}`;
  const finer = level === 'hour' ? keptFrom.minute : keptFrom.hour;
  return finer > keptFrom[level] ? `start >= ${keptFrom[level]} AND start < ${finer}` : undefined;
}

function moveRollups(
  { column }: PostgresParts,
  session: Session,
  level: LevelName,
  moved: { condition: string; shards: readonly number[]; starts: readonly number[] },
): Promise<void> {
  const { spanMs } = LEVELS[level];
  const rows = `
    SELECT start - start % ${spanMs} AS start, series, shard, ${ROLLUP_FIGURES}, ${SKETCH_COLUMNS} FROM rollup_open WHERE ${moved.condition}`;
  const starts = moved.starts.map((start) => floorTo(spanMs, start));
  return mergeInto(session, column, { target: `rollup_${level}`, rows, shards: moved.shards, starts, scopes: true });
}

async function moveResources(
  session: Session,
  level: LevelName,
  condition: string,
  shards: readonly number[],
): Promise<void> {
  // Above the minute the processes of a server are one.
  const sums =
    level === 'minute'
      ? `SELECT ${RESOURCE_KEY}, ${RESOURCE_SUMS} FROM resource_open WHERE ${condition} GROUP BY ${RESOURCE_KEY}`
      : serverSpanSql(`SELECT * FROM resource_open WHERE ${condition}`, LEVELS[level].spanMs);
  const columns = `${RESOURCE_KEY}, ${RESOURCE_COLUMNS.join(', ')}`;
  await session.run(`INSERT INTO resource_${level} (${columns}) SELECT ${columns} FROM (${sums}) sums`, [shards]);
}

/** What was merged before these minutes came is to be merged again. */
async function markStale(
  session: Session,
  level: LevelName,
  condition: string,
  shards: readonly number[],
): Promise<void> {
  const levels: MergedLevelName[] = level === 'minute' ? ['hour', 'day'] : level === 'hour' ? ['day'] : [];
  for (const merged of levels) {
    const start = `start - start % ${LEVELS[merged].spanMs}`;
    await session.run(
      `INSERT INTO stale SELECT DISTINCT '${merged}', ${start}, shard FROM
         (SELECT start, shard FROM rollup_open WHERE ${condition} UNION SELECT start, shard FROM resource_open WHERE ${condition}) rows
         JOIN coverage USING (shard) WHERE ${start} < ${merged}_merged_until ON CONFLICT DO NOTHING`,
      [shards],
    );
  }
}

/** One row per server and span from rows of minutes: processes of a minute are put together first, then the minutes. */
export function serverSpanSql(rows: string, spanMs: number): string {
  const averages = ['cpu_percent', 'memory_mb', 'memory_percent', 'event_loop_delay_ms'];
  const summed = ['cpu_percent', 'memory_mb'];
  const inMinute = averages.flatMap((name) => {
    const combine = summed.includes(name) ? 'sum' : 'max';
    return [`${combine}(${name}_avg) ${name}_avg`, `${combine}(${name}_max) ${name}_max`];
  });
  const overTime = averages.flatMap((name) => [
    `sum(${name}_avg * minutes) / sum(minutes) ${name}_avg`,
    `max(${name}_max) ${name}_max`,
  ]);
  return `
    SELECT start - start % ${spanMs} AS start, server, shard, '' AS instance, sum(samples) samples, sum(minutes) minutes,
      sum(disk_io_kb) disk_io_kb, ${overTime.join(', ')}
    FROM (SELECT start, server, shard, sum(samples) samples, max(minutes) minutes, sum(disk_io_kb) disk_io_kb, ${inMinute.join(', ')}
      FROM (SELECT ${RESOURCE_KEY}, ${RESOURCE_SUMS} FROM (${rows}) raw GROUP BY ${RESOURCE_KEY}) processes
      GROUP BY start, server, shard) minutes
    GROUP BY 1, server, shard`;
}

async function trimErrors(session: Session, shards: readonly number[]): Promise<void> {
  await session.run(
    `DELETE FROM recent_error e USING (
       SELECT ctid, row_number() OVER (PARTITION BY series ORDER BY at_ms DESC) position FROM recent_error WHERE shard = ANY($1)) old
     WHERE e.ctid = old.ctid AND old.position > ${ERRORS_PER_SERIES}`,
    [shards],
  );
}
