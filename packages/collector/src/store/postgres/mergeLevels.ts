/**
 * Hour rows from minute rows, day rows from hour rows: what is new, and what late minutes have touched. Each collector does
 * this for its own shards, and shards that have come equally far together.
 */

import { nextTurn } from '../../clock.ts';
import { floorTo, LEVELS, MERGED_FROM, type MergedLevelName } from '../levels.ts';
import { RESOURCE_COLUMNS } from '../resources.ts';
import { serverSpanSql } from './closeMinutes.ts';
import { RESOURCE_KEY, ROLLUP_FIGURES } from './columns.ts';
import { Coverage } from './coverage.ts';
import type { Session } from './database.ts';
import { SKETCH_COLUMNS } from './histogramColumn.ts';
import { rebuildImportedScopes } from './importRows.ts';
import { mergeInto } from './mergeInto.ts';
import type { PostgresParts } from './parts.ts';

const LEVELS_UP = ['hour', 'day'] as const;

export async function mergeLevels(parts: PostgresParts, nowMs: number): Promise<void> {
  await rebuildImportedScopes(parts);
  for (const level of LEVELS_UP) {
    await mergeStale(parts, level);
    await mergeNew(parts, level, nowMs);
  }
}

async function mergeStale(parts: PostgresParts, level: MergedLevelName): Promise<void> {
  const { database, shares } = parts;
  // A day waits for its hours.
  const isReady =
    level === 'hour'
      ? ''
      : `AND NOT EXISTS (SELECT FROM stale h WHERE h.level = 'hour' AND h.shard = stale.shard
    AND h.start >= stale.start AND h.start < stale.start + ${LEVELS.day.spanMs})`;
  const rows = await database.query<{ start: string; shards: number[] }>(
    `SELECT start, array_agg(shard::int) shards FROM stale WHERE level = $1 AND shard = ANY($2) ${isReady} GROUP BY start ORDER BY start`,
    [level, [...shares.mine]],
    'work',
  );
  for (const { start, shards } of rows) await mergeSpan(parts, level, Number(start), shards);
}

async function mergeNew(parts: PostgresParts, level: MergedLevelName, nowMs: number): Promise<void> {
  for (const { untilMs, shards } of await progress(parts, level)) {
    const endMs = await finishedUntil(parts, level, shards, nowMs);
    // After the clock was set back, spans that counted as finished go on; they are merged once more when they end.
    const current = floorTo(LEVELS[level].spanMs, nowMs);
    if (untilMs > current) await advance(parts, level, shards, current);
    for (let at = await nextStart(parts, level, shards, untilMs, endMs); at !== undefined; ) {
      await mergeSpan(parts, level, at, shards, at + LEVELS[level].spanMs);
      at = await nextStart(parts, level, shards, at + LEVELS[level].spanMs, endMs);
    }
    if (untilMs < endMs) await advance(parts, level, shards, endMs);
  }
}

interface Progress {
  untilMs: number;
  shards: number[];
}

/** This collector's shards by how far they are merged. */
async function progress({ database, shares }: PostgresParts, level: MergedLevelName): Promise<Progress[]> {
  const rows = await database.query<{ until: string; shards: number[] }>(
    `SELECT ${level}_merged_until until, array_agg(shard::int) shards FROM coverage WHERE shard = ANY($1) GROUP BY 1 ORDER BY 1`,
    [[...shares.mine]],
    'work',
  );
  return rows.map(({ until, shards }) => ({ untilMs: Number(until), shards }));
}

/** Spans before this have all their finer rows. */
async function finishedUntil(
  { database, config }: PostgresParts,
  level: MergedLevelName,
  shards: readonly number[],
  nowMs: number,
): Promise<number> {
  if (level === 'day') {
    const [row] = await database.query<{ until: string }>(
      'SELECT min(hour_merged_until) until FROM coverage WHERE shard = ANY($1)',
      [shards],
      'work',
    );
    return floorTo(LEVELS.day.spanMs, Number(row?.until ?? 0));
  }
  const [row] = await database.query<{ open: string | null }>(
    `SELECT min(start) open FROM (SELECT start, shard FROM rollup_open UNION ALL SELECT start, shard FROM resource_open) rows
     JOIN coverage USING (shard) WHERE shard = ANY($1) AND start >= hour_merged_until`,
    [shards],
    'work',
  );
  const settledMs = nowMs - config.ingest.minuteGraceSeconds * 1000;
  const openMs = row?.open == null ? Number.POSITIVE_INFINITY : Number(row.open);
  return floorTo(LEVELS.hour.spanMs, Math.min(settledMs, openMs));
}

/** First span at or after `fromMs`, and before `untilMs`, that has finer rows. */
async function nextStart(
  { database }: PostgresParts,
  level: MergedLevelName,
  shards: readonly number[],
  fromMs: number,
  untilMs: number,
): Promise<number | undefined> {
  const finer = MERGED_FROM[level];
  const within = `start >= $1 AND start < $2 AND shard = ANY($3)`;
  const [row] = await database.query<{ start: string | null }>(
    `SELECT least((SELECT min(start) FROM rollup_${finer} WHERE ${within}), (SELECT min(start) FROM resource_${finer} WHERE ${within})) start`,
    [fromMs, untilMs, shards],
    'work',
  );
  return row?.start == null ? undefined : floorTo(LEVELS[level].spanMs, Number(row.start));
}

/** @param untilMs how far the level is merged afterwards; absent for a span that is merged again */
async function mergeSpan(
  parts: PostgresParts,
  level: MergedLevelName,
  startMs: number,
  wanted: readonly number[],
  untilMs?: number,
): Promise<void> {
  await parts.partitions.ensure(level, [startMs]);
  await parts.database.transaction('work', async (session) => {
    const shards = await parts.shares.hold(session, wanted);
    if (shards.length === 0) return;
    await session.run('SELECT FROM coverage WHERE shard = ANY($1) ORDER BY shard FOR UPDATE', [shards]);
    const { keptFrom } = await Coverage.read(session);
    // Where finer rows are gone already, late ones were added to this level directly.
    if (startMs >= keptFrom[MERGED_FROM[level]]) await replaceSpan(parts, session, level, startMs, shards);
    await session.run('DELETE FROM stale WHERE level = $1 AND start = $2 AND shard = ANY($3)', [
      level,
      startMs,
      shards,
    ]);
    if (untilMs !== undefined) await writeProgress(session, level, shards, untilMs);
  });
  await nextTurn();
}

/** What has finer rows is made anew; what came from elsewhere at this level alone stays. */
async function replaceSpan(
  { column }: PostgresParts,
  session: Session,
  level: MergedLevelName,
  startMs: number,
  shards: readonly number[],
): Promise<void> {
  const { spanMs } = LEVELS[level];
  const finer = MERGED_FROM[level];
  const within = `start >= ${startMs} AND start < ${startMs + spanMs} AND shard = ANY($1)`;
  for (const [kind, key] of [
    ['rollup', 'series'],
    ['resource', 'server'],
  ] as const) {
    await session.run(
      `DELETE FROM ${kind}_${level} WHERE start = ${startMs} AND shard = ANY($1) AND ${key} IN (SELECT ${key} FROM ${kind}_${finer} WHERE ${within})`,
      [shards],
    );
  }
  const rows = `SELECT ${startMs}::bigint AS start, series, shard, ${ROLLUP_FIGURES}, ${SKETCH_COLUMNS} FROM rollup_${finer} WHERE ${within}`;
  await mergeInto(session, column, {
    target: `rollup_${level}`,
    rows,
    shards,
    starts: [startMs],
    scopes: false,
  });
  const columns = `${RESOURCE_KEY}, ${RESOURCE_COLUMNS.join(', ')}`;
  const resources = serverSpanSql(`SELECT * FROM resource_${finer} WHERE ${within}`, spanMs);
  await session.run(`INSERT INTO resource_${level} (${columns}) SELECT ${columns} FROM (${resources}) spans`, [shards]);
}

function advance(
  { database, shares }: PostgresParts,
  level: MergedLevelName,
  wanted: readonly number[],
  untilMs: number,
): Promise<void> {
  return database.transaction('work', async (session) =>
    writeProgress(session, level, await shares.hold(session, wanted), untilMs),
  );
}

async function writeProgress(
  session: Session,
  level: MergedLevelName,
  shards: readonly number[],
  untilMs: number,
): Promise<void> {
  await session.run(`UPDATE coverage SET ${level}_merged_until = $1 WHERE shard = ANY($2)`, [untilMs, shards]);
}
