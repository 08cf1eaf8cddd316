/**
 * Rows from elsewhere. A row that is there already is left alone, so importing the same twice changes nothing and no
 * measurement of our own is overwritten.
 */
import { sketchFromBytes } from '@mcp-vitals/sketch';
import { floorTo, LEVEL_NAMES, LEVELS, type LevelName, type MergedLevelName } from '../levels.ts';
import { RESOURCE_COLUMNS } from '../resources.ts';
import type { RollupLevel, StoredResources, StoredRollup } from '../store.ts';
import {
  RESOURCE_COLUMN_COUNT,
  RESOURCE_KEY,
  ROLLUP_COLUMN_COUNT,
  ROLLUP_COLUMNS,
  ROLLUP_FIGURES,
  writeResources,
  writeRollup,
} from './columns.ts';
import { CopyWriter } from './copyWriter.ts';
import { Coverage, keepFrom } from './coverage.ts';
import type { Session } from './database.ts';
import { SKETCH_COLUMNS, writeSketch } from './histogramColumn.ts';
import { mergeInto } from './mergeInto.ts';
import type { PostgresParts } from './parts.ts';

/**
 * Rows of servers and of everything follow from those of their series, and are made of them at the end.
 * @returns the number of rows that were new; rows older than what their level still keeps are not
 */
export async function importRollups(
  parts: PostgresParts,
  level: RollupLevel,
  rows: readonly StoredRollup[],
): Promise<number> {
  const { database, series, column, partitions } = parts;
  const wanted = rows.filter(({ startMs, scope }) => scope === 'series' && startMs % LEVELS[level].spanMs === 0);
  const keys = wanted.map((row) => row.series);
  await series.ensure(new Set(keys.map(({ server }) => server)), keys);
  await partitions.ensure(level, new Set(wanted.map(({ startMs }) => startMs)));
  return database.transaction('work', async (session) => {
    const { keptFrom } = await Coverage.read(session);
    const writer = new CopyWriter(ROLLUP_COLUMN_COUNT);
    for (const row of wanted) {
      if (row.startMs < keptFrom[level]) continue;
      const server = series.index.server(row.series.server)!;
      const id = series.index.find(server, row.series.kind, row.series.name)!;
      const key = { startMs: row.startMs, series: id, shard: series.shardOfServer(server) };
      const sketch = row.digest.length === 0 ? undefined : sketchFromBytes(row.digest);
      writeRollup(writer, key, row, 'bigint');
      writeSketch(writer, column, sketch);
    }
    return insertAbsent(session, writer, `rollup_${level}`, `${ROLLUP_COLUMNS}, ${SKETCH_COLUMNS}`, ['series'], level);
  });
}

export async function importResources(
  parts: PostgresParts,
  level: RollupLevel,
  rows: readonly StoredResources[],
): Promise<number> {
  const { database, series, partitions } = parts;
  const wanted = rows.filter(({ startMs }) => startMs % LEVELS[level].spanMs === 0);
  await series.ensure(new Set(wanted.map(({ server }) => server)), []);
  await partitions.ensure(level, new Set(wanted.map(({ startMs }) => startMs)));
  return database.transaction('work', async (session) => {
    const { keptFrom } = await Coverage.read(session);
    const writer = new CopyWriter(RESOURCE_COLUMN_COUNT);
    for (const row of wanted) {
      if (row.startMs < keptFrom[level]) continue;
      const server = series.index.server(row.server)!;
      const key = {
        startMs: row.startMs,
        server: server.scopeId,
        shard: series.shardOfServer(server),
        instance: row.instance,
      };
      writeResources(writer, key, row);
    }
    const columns = `${RESOURCE_KEY}, ${RESOURCE_COLUMNS.join(', ')}`;
    return insertAbsent(session, writer, `resource_${level}`, columns, ['server', 'instance'], level);
  });
}

async function insertAbsent(
  session: Session,
  writer: CopyWriter,
  table: string,
  columns: string,
  key: readonly string[],
  level: LevelName,
): Promise<number> {
  if (writer.rows === 0) return 0;
  // Two imports at once must not both find a row absent.
  await session.script(
    `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE; CREATE TEMP TABLE imported (LIKE ${table}) ON COMMIT DROP`,
  );
  await writer.copyTo(session, `imported (${columns})`);
  const same = ['start', ...key].map((name) => `t.${name} = i.${name}`).join(' AND ');
  const distinct = ['start', ...key].join(', ');
  await session.script(`CREATE TEMP TABLE added ON COMMIT DROP AS SELECT DISTINCT ON (${distinct}) ${columns} FROM imported i
    WHERE NOT EXISTS (SELECT FROM ${table} t WHERE ${same})`);
  const added = await session.run(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM added`);
  await markStale(session, level, key[0] === 'series');
  return added;
}

/** What was made of other rows before these came is to be made again. */
async function markStale(session: Session, level: LevelName, isRollup: boolean): Promise<void> {
  const merged: MergedLevelName[] = level === 'minute' ? ['hour', 'day'] : level === 'hour' ? ['day'] : [];
  for (const name of merged) {
    const start = `start - start % ${LEVELS[name].spanMs}`;
    await session.run(
      `INSERT INTO stale SELECT DISTINCT '${name}', ${start}, shard FROM added JOIN coverage USING (shard)
       WHERE ${start} < ${name}_merged_until ON CONFLICT DO NOTHING`,
    );
  }
  if (!isRollup) return;
  await session.run(
    `INSERT INTO stale SELECT DISTINCT '${scopesOf(level)}', start, shard FROM added ON CONFLICT DO NOTHING`,
  );
}

/** What stands in `stale` for rows of servers and of everything at a level. */
function scopesOf(level: LevelName): string {
  return `${level} scopes`;
}

/**
 * Where only coarser rows came, finer ones are gone: the planner must not look for them. And where coarser rows came without
 * having been merged here, they are complete as they are.
 */
export async function finishImport(parts: PostgresParts): Promise<void> {
  // Whoever holds the shards waits for a moment: this may be done by a command that holds none.
  await rebuildScopes(parts, (session) => lockAll(session));
  await parts.database.transaction('work', async (session) => {
    await session.script('LOCK TABLE partition IN SHARE MODE');
    for (const [finer, coarser] of [
      ['hour', 'day'],
      ['minute', 'hour'],
    ] as const) {
      const coarse = await extentOf(session, coarser);
      if (coarse === undefined) continue;
      const { spanMs } = LEVELS[coarser];
      const fine = await extentOf(session, finer);
      const goneUntil = fine === undefined ? coarse.lastMs + spanMs : floorTo(spanMs, fine.firstMs);
      if (coarse.firstMs >= goneUntil) continue;
      const { keptFrom } = await Coverage.read(session);
      if (goneUntil > keptFrom[finer]) await keepFrom(session, finer, goneUntil);
      await session.run(`UPDATE coverage SET ${coarser}_merged_until = greatest(${coarser}_merged_until, $1)`, [
        goneUntil,
      ]);
    }
  });
}

async function extentOf(session: Session, level: LevelName): Promise<{ firstMs: number; lastMs: number } | undefined> {
  const [row] = await session.query(`SELECT min(start) first, max(start) last FROM rollup_${level}`);
  return row?.first == null ? undefined : { firstMs: Number(row.first), lastMs: Number(row.last) };
}

/** Makes the rows of servers and of everything for what was imported, in this collector's shards. */
export function rebuildImportedScopes(parts: PostgresParts): Promise<void> {
  return rebuildScopes(parts, (session) => parts.shares.hold(session, parts.shares.mine));
}

async function lockAll(session: Session): Promise<number[]> {
  const rows = await session.query('SELECT shard FROM work_share ORDER BY shard FOR UPDATE');
  return rows.map(({ shard }) => Number(shard));
}

/** @param hold locks the shards whose rows may be changed, and names them */
async function rebuildScopes(parts: PostgresParts, hold: (session: Session) => Promise<number[]>): Promise<void> {
  const { database } = parts;
  const isAny = await database.query(`SELECT FROM stale WHERE level LIKE '% scopes' LIMIT 1`, [], 'work');
  if (isAny.length === 0) return;
  for (const level of LEVEL_NAMES) {
    const rows = await database.query<{ start: string }>(
      'SELECT DISTINCT start FROM stale WHERE level = $1 ORDER BY start',
      [scopesOf(level)],
      'work',
    );
    for (const { start } of rows) {
      await database.transaction('work', async (session) => {
        const shards = await hold(session);
        if (shards.length > 0) await rebuildSpan(parts, session, level, Number(start), shards);
      });
    }
  }
}

async function rebuildSpan(
  { column }: PostgresParts,
  session: Session,
  level: LevelName,
  startMs: number,
  held: readonly number[],
): Promise<void> {
  const stale = await session.query('SELECT shard FROM stale WHERE level = $1 AND start = $2 AND shard = ANY($3)', [
    scopesOf(level),
    startMs,
    held,
  ]);
  const shards = stale.map(({ shard }) => Number(shard));
  const table = `rollup_${level}`;
  await session.run(`DELETE FROM ${table} WHERE start = ${startMs} AND shard = ANY($1) AND series < 0`, [shards]);
  const scope = (
    series: string,
  ) => `SELECT start, ${series} AS series, r.shard, ${ROLLUP_FIGURES}, ${SKETCH_COLUMNS} FROM ${table} r
    JOIN (SELECT id, scope_id FROM series WHERE kind = 'tool') s ON s.id = r.series WHERE start = ${startMs} AND r.shard = ANY($1)`;
  await mergeInto(session, column, {
    target: table,
    rows: `${scope('s.scope_id')} UNION ALL ${scope('-1 - r.shard')}`,
    shards,
    starts: [startMs],
    scopes: false,
  });
  await session.run('DELETE FROM stale WHERE level = $1 AND start = $2 AND shard = ANY($3)', [
    scopesOf(level),
    startMs,
    shards,
  ]);
}
