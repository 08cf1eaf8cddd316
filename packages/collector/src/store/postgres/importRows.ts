/**
 * Rows from elsewhere. A row that is there already is left alone, so importing the same twice changes nothing and no
 * measurement of our own is overwritten.
 */
import { Digest } from '@mcp-vitals/sketch';
import { floorTo, LEVELS, type LevelName, type MergedLevelName } from '../levels.ts';
import type { RollupLevel, StoredResources, StoredRollup } from '../store.ts';
import {
  RESOURCE_COLUMN_COUNT,
  RESOURCE_COLUMNS,
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
import { mergeInto } from './mergeInto.ts';
import type { PostgresParts } from './parts.ts';
import { everythingId, shardOf } from './schema.ts';

/** @returns the number of rows that were new; rows older than what their level still keeps are not */
export async function importRollups(
  parts: PostgresParts,
  level: RollupLevel,
  rows: readonly StoredRollup[],
): Promise<number> {
  const { database, series, column, partitions } = parts;
  const wanted = rows.filter(({ startMs }) => startMs % LEVELS[level].spanMs === 0);
  const named = wanted.filter(({ scope }) => scope !== 'all').map((row) => row.series);
  await series.ensure(
    new Set(named.map(({ server }) => server)),
    wanted.filter(({ scope }) => scope === 'series').map((row) => row.series),
  );
  await partitions.ensure(level, new Set(wanted.map(({ startMs }) => startMs)));
  return database.transaction('work', async (session) => {
    const { keptFrom } = await Coverage.read(session);
    const writer = new CopyWriter(ROLLUP_COLUMN_COUNT);
    for (const row of wanted) {
      if (row.startMs < keptFrom[level]) continue;
      const key = { startMs: row.startMs, ...idOf(parts, row) };
      const digest = row.digest.length === 0 ? undefined : Digest.fromBytes(row.digest);
      writeRollup(writer, key, row, column.encode(digest), 'bigint');
    }
    return insertAbsent(session, writer, `rollup_${level}`, `${ROLLUP_COLUMNS}, digest`, ['series'], level);
  });
}

/** What is of everything lies with the shard of the empty name: a shard has its own part of everything. */
function idOf({ series }: PostgresParts, { scope, series: key }: StoredRollup): { series: number; shard: number } {
  if (scope === 'all') return { series: everythingId(shardOf('')), shard: shardOf('') };
  const server = series.index.server(key.server)!;
  const shard = series.shardOfServer(server);
  return { series: scope === 'server' ? server.scopeId : series.index.find(server, key.kind, key.name)!, shard };
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

/** The rows of servers and of everything do not travel with minutes: they follow from the series, all at once at the end. */
async function markStale(session: Session, level: LevelName, isRollup: boolean): Promise<void> {
  const merged: MergedLevelName[] = level === 'minute' ? ['hour', 'day'] : level === 'hour' ? ['day'] : [];
  for (const name of merged) {
    const start = `start - start % ${LEVELS[name].spanMs}`;
    await session.run(
      `INSERT INTO stale SELECT DISTINCT '${name}', ${start}, shard FROM added JOIN coverage USING (shard)
       WHERE ${start} < ${name}_merged_until ON CONFLICT DO NOTHING`,
    );
  }
  if (level === 'minute' && isRollup) {
    await session.run(`INSERT INTO stale SELECT DISTINCT 'minute', start, shard FROM added ON CONFLICT DO NOTHING`);
  }
}

/**
 * Where only coarser rows came, finer ones are gone: the planner must not look for them. And where coarser rows came without
 * having been merged here, they are complete as they are.
 */
export async function finishImport(parts: PostgresParts): Promise<void> {
  await rebuildImportedScopes(parts);
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

/** Makes the rows of servers and of everything for minutes that were imported. */
export async function rebuildImportedScopes(parts: PostgresParts): Promise<void> {
  const { database, shares } = parts;
  const rows = await database.query<{ start: string; shards: number[] }>(
    `SELECT start, array_agg(shard::int) shards FROM stale WHERE level = 'minute' AND shard = ANY($1) GROUP BY start ORDER BY start`,
    [[...shares.mine]],
    'work',
  );
  for (const { start, shards } of rows) {
    await database.transaction('work', async (session) =>
      rebuildScopes(parts, session, Number(start), await shares.hold(session, shards)),
    );
  }
}

async function rebuildScopes(
  { column }: PostgresParts,
  session: Session,
  startMs: number,
  shards: readonly number[],
): Promise<void> {
  if (shards.length === 0) return;
  const own = `start = ${startMs} AND shard = ANY($1)`;
  await session.run(`DELETE FROM rollup_minute WHERE ${own} AND series < 0`, [shards]);
  const tools = `SELECT start, s.scope_id AS series, r.shard, ${ROLLUP_FIGURES}, digest FROM rollup_minute r
    JOIN (SELECT id, scope_id FROM series WHERE kind = 'tool') s ON s.id = r.series WHERE ${own.replace('shard', 'r.shard')}`;
  const everything = tools.replace('s.scope_id AS series', '-1 - r.shard AS series');
  await mergeInto(session, column, {
    target: 'rollup_minute',
    rows: `${tools} UNION ALL ${everything}`,
    values: [shards],
    scopes: false,
  });
  await session.run(`DELETE FROM stale WHERE level = 'minute' AND ${own}`, [shards]);
}
