/**
 * The tables, as a list of migrations that only goes forward. A released entry is never edited; a change is a new entry, and
 * one that collectors of the version before can live with: columns and tables are added, nothing is renamed or dropped
 * while they may still run. So versions can be exchanged one collector after the other.
 */
import { VitalsError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Database, Session } from './database.ts';
import type { DigestColumn } from './digestColumn.ts';

/** The work in the background is divided into so many parts, by server; see `workShares.ts`. */
export const SHARDS = 32;

export interface Migration {
  sql(digestType: DigestColumn['type']): string;
  /** The oldest schema version whose collectors still work beside this one. */
  worksWith: number;
}

/** Counters of calls, durations and their sketch: the columns of every level. */
const figures = (counter: 'integer' | 'bigint', digestType: string): string => `
  ok ${counter} NOT NULL, tool_error ${counter} NOT NULL, protocol_error ${counter} NOT NULL, timeout ${counter} NOT NULL,
  cancelled ${counter} NOT NULL, input_required ${counter} NOT NULL, task_created ${counter} NOT NULL,
  sum_ms float8 NOT NULL, min_ms float8, max_ms float8, digest ${digestType}`;

const RESOURCE_FIGURES = `
  samples bigint NOT NULL, minutes bigint NOT NULL,
  cpu_percent_avg float8 NOT NULL, cpu_percent_max float8 NOT NULL,
  memory_mb_avg float8 NOT NULL, memory_mb_max float8 NOT NULL,
  memory_percent_avg float8 NOT NULL, memory_percent_max float8 NOT NULL,
  disk_io_kb float8 NOT NULL, event_loop_delay_ms_avg float8 NOT NULL, event_loop_delay_ms_max float8 NOT NULL`;

/** Rows come and go within a minute or two: what they leave behind has to be cleaned up as quickly. */
const SHORT_LIVED = `WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000)`;

const rollupLevel = (level: string, digestType: string): string => `
  CREATE TABLE rollup_${level} (start bigint NOT NULL, series bigint NOT NULL, shard smallint NOT NULL, ${figures('bigint', digestType)})
    PARTITION BY RANGE (start);
  CREATE INDEX ON rollup_${level} (series, start);
  CREATE INDEX ON rollup_${level} USING brin (start) WITH (pages_per_range = 32);
  CREATE TABLE resource_${level} (start bigint NOT NULL, server bigint NOT NULL, shard smallint NOT NULL, instance text NOT NULL, ${RESOURCE_FIGURES})
    PARTITION BY RANGE (start);
  CREATE INDEX ON resource_${level} (server, start);
  CREATE INDEX ON resource_${level} USING brin (start) WITH (pages_per_range = 32);`;

export const MIGRATIONS: readonly Migration[] = [
  {
    worksWith: 1,
    sql: (digestType) => `
  CREATE TABLE meta (key text PRIMARY KEY, value bigint NOT NULL);
  CREATE SEQUENCE server_number;
  CREATE TABLE server (name text PRIMARY KEY, scope_id bigint NOT NULL UNIQUE DEFAULT -1000 - nextval('server_number'), shard smallint NOT NULL,
    version text NOT NULL DEFAULT '', first_seen_ms bigint, last_seen_ms bigint, dropped text NOT NULL DEFAULT '{}');
  CREATE TABLE series (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, server text NOT NULL, scope_id bigint NOT NULL,
    shard smallint NOT NULL, kind text NOT NULL, name text NOT NULL, UNIQUE (server, kind, name));
  CREATE TABLE rollup_open (start bigint NOT NULL, series bigint NOT NULL, shard smallint NOT NULL, ${figures('integer', digestType)}) ${SHORT_LIVED};
  CREATE INDEX ON rollup_open (series, start);
  CREATE TABLE resource_open (start bigint NOT NULL, server bigint NOT NULL, shard smallint NOT NULL, instance text NOT NULL, ${RESOURCE_FIGURES}) ${SHORT_LIVED};
  ${rollupLevel('minute', digestType)}
  ${rollupLevel('hour', digestType)}
  ${rollupLevel('day', digestType)}
  CREATE TABLE partition (level text NOT NULL, from_ms bigint NOT NULL, to_ms bigint NOT NULL, PRIMARY KEY (level, from_ms));
  CREATE TABLE coverage (shard smallint PRIMARY KEY, hour_merged_until bigint NOT NULL DEFAULT 0, day_merged_until bigint NOT NULL DEFAULT 0);
  INSERT INTO coverage (shard) SELECT generate_series(0, ${SHARDS - 1});
  CREATE TABLE stale (level text NOT NULL, start bigint NOT NULL, shard smallint NOT NULL, PRIMARY KEY (level, start, shard));
  CREATE TABLE instance (id text PRIMARY KEY, last_seen_ms bigint NOT NULL, highest_seq bigint NOT NULL, gaps text NOT NULL,
    host text NOT NULL, pid bigint NOT NULL, runtime text NOT NULL, sdk text NOT NULL, skew_ms float8 NOT NULL,
    servers text NOT NULL, in_flight text NOT NULL) WITH (fillfactor = 60);
  CREATE TABLE recent_error (series bigint NOT NULL, shard smallint NOT NULL, at_ms float8 NOT NULL, error_class text NOT NULL, code text NOT NULL, message text);
  CREATE INDEX ON recent_error (series, at_ms);
  CREATE TABLE anomaly (at_ms bigint NOT NULL, server text NOT NULL, tool text NOT NULL, type text NOT NULL, shard smallint NOT NULL, body text NOT NULL,
    PRIMARY KEY (at_ms, server, tool, type));
  CREATE TABLE threshold (threshold_id text PRIMARY KEY, body text NOT NULL);
  CREATE TABLE alert (alert_id text PRIMARY KEY, fingerprint text NOT NULL, created_at_ms bigint NOT NULL, server text NOT NULL, shard smallint NOT NULL,
    severity text NOT NULL, status text NOT NULL, resolved_at_ms bigint, revision bigint NOT NULL, body text NOT NULL);
  CREATE INDEX ON alert (created_at_ms);
  CREATE INDEX ON alert (status) WHERE status <> 'resolved';
  CREATE UNIQUE INDEX alert_open ON alert (md5(fingerprint)) WHERE status <> 'resolved';
  CREATE TABLE alert_number (day text PRIMARY KEY, last bigint NOT NULL);
  CREATE TABLE watch_state (server text NOT NULL, tool text NOT NULL, shard smallint NOT NULL, snapshot bytea NOT NULL, PRIMARY KEY (server, tool));
  CREATE TABLE item (kind text NOT NULL, key text NOT NULL, shard smallint NOT NULL, collector uuid, body text NOT NULL, PRIMARY KEY (kind, key));
  CREATE TABLE change (kind text PRIMARY KEY, number bigint NOT NULL);
  CREATE TABLE collector (id uuid PRIMARY KEY, host text NOT NULL, pid bigint NOT NULL, seen_at timestamptz NOT NULL);
  CREATE TABLE work_share (shard smallint PRIMARY KEY, collector uuid);
  INSERT INTO work_share (shard) SELECT generate_series(0, ${SHARDS - 1});
  `,
  },
  {
    // Collectors of the version before read and write rows without it; histograms that they merge, they lose.
    worksWith: 1,
    sql: () =>
      ['open', 'minute', 'hour', 'day']
        .map((level) => `ALTER TABLE rollup_${level} ADD COLUMN histogram bytea;`)
        .join('\n'),
  },
];

/** Tables that Citus spreads over its workers, by the column it spreads them by; what shares a column lies together. */
const DISTRIBUTED: readonly [table: string, column: string][] = [
  ...['rollup_open', 'rollup_minute', 'rollup_hour', 'rollup_day'].map((table): [string, string] => [table, 'series']),
  ...['resource_open', 'resource_minute', 'resource_hour', 'resource_day'].map((table): [string, string] => [
    table,
    'server',
  ]),
];

/** Small tables that queries on the workers join with. */
const REFERENCE = ['series'] as const;

const VERSION_KEY = 'schema_version';
const WORKS_WITH_KEY = 'schema_works_with';
const BYTEA_KEY = 'digests_are_bytea';

/** Any number that no other program locks. */
const MIGRATION_LOCK = 6_848_001;

/**
 * Brings the schema up to date. Of several collectors that start at once, one does it and the others wait.
 * @throws VitalsError `conflict` when a newer program made the schema and this one cannot live with it
 */
export async function migrate(database: Database, column: DigestColumn, logger?: Pick<Logger, 'info'>): Promise<void> {
  await database.transaction('work', async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const made = await readMade(session, database.schema);
    checkVersion(made);
    checkDigests(made, column);
    if (made.version >= MIGRATIONS.length) return;
    if (made.version === 0) {
      await requireServer(session, column);
      await session.script(`CREATE SCHEMA IF NOT EXISTS ${database.schema}`);
    }
    for (const migration of MIGRATIONS.slice(made.version)) {
      await session.script(migration.sql(column.type));
      logger?.info({ version: MIGRATIONS.indexOf(migration) + 1 }, 'Migrated the database');
    }
    if (made.version === 0) await distribute(session, logger);
    await writeMeta(session, VERSION_KEY, MIGRATIONS.length);
    await writeMeta(session, WORKS_WITH_KEY, MIGRATIONS.at(-1)!.worksWith);
    if (made.version === 0) await writeMeta(session, BYTEA_KEY, column.type === 'bytea' ? 1 : 0);
  });
}

interface Made {
  version: number;
  worksWith: number;
  digests: DigestColumn['type'];
}

async function readMade(session: Session, schema: string): Promise<Made> {
  const [found] = await session.query<{ meta: string | null }>('SELECT to_regclass($1)::text meta', [`${schema}.meta`]);
  if (!found?.meta) return { version: 0, worksWith: 0, digests: 'tdigest' };
  const rows = await session.query<{ key: string; value: string }>('SELECT key, value FROM meta');
  const value = (key: string) => Number(rows.find((row) => row.key === key)?.value ?? 0);
  return {
    version: value(VERSION_KEY),
    worksWith: value(WORKS_WITH_KEY),
    digests: value(BYTEA_KEY) === 1 ? 'bytea' : 'tdigest',
  };
}

function checkVersion({ version, worksWith }: Made): void {
  if (version <= MIGRATIONS.length || worksWith <= MIGRATIONS.length) return;
  throw new VitalsError(
    'conflict',
    `The schema of the database has version ${version}; this program knows ${MIGRATIONS.length}.`,
    { hint: 'Install the newest mcp-vitals.' },
  );
}

function checkDigests({ version, digests }: Made, column: DigestColumn): void {
  if (version === 0 || digests === column.type) return;
  throw new VitalsError('conflict', `The database was made with digests of type ${digests}.`, {
    hint: `Set postgres.digests to ${digests}, or use another database.`,
  });
}

const OLDEST_SERVER = 140_000;

async function requireServer(session: Session, column: DigestColumn): Promise<void> {
  const [{ version } = { version: 0 }] = await session.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int version`,
  );
  if (version < OLDEST_SERVER) {
    throw new VitalsError('invalid', `PostgreSQL ${Math.floor(version / 10_000)} is too old.`, {
      hint: 'Version 14 or later is needed.',
    });
  }
  if (column.type === 'tdigest') await requireExtension(session, Math.floor(version / 10_000));
}

async function requireExtension(session: Session, major: number): Promise<void> {
  const [found] = await session.query<{ installed: boolean; available: boolean }>(`
    SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'tdigest') installed,
      EXISTS (SELECT FROM pg_available_extensions WHERE name = 'tdigest') available`);
  if (found?.installed) return;
  if (!found?.available) {
    throw new VitalsError('invalid', 'The database server lacks the extension "tdigest".', {
      hint: `Install it there (Debian: apt-get install postgresql-${major}-tdigest; others: github.com/tvondra/tdigest), or set postgres.digests to bytea.`,
    });
  }
  try {
    await session.script('CREATE EXTENSION IF NOT EXISTS tdigest SCHEMA public');
  } catch (error) {
    throw new VitalsError('invalid', 'The extension "tdigest" is there but could not be created.', {
      hint: 'Let a superuser run: CREATE EXTENSION tdigest',
      cause: error,
    });
  }
}

/** Where Citus is, it spreads the rows; where it is not, the same tables are plain ones. */
async function distribute(session: Session, logger?: Pick<Logger, 'info'>): Promise<void> {
  const [citus] = await session.query(`SELECT FROM pg_extension WHERE extname = 'citus'`);
  if (citus === undefined) return;
  for (const table of REFERENCE) await session.query('SELECT create_reference_table($1)', [table]);
  const first = new Map<string, string>();
  for (const [table, column] of DISTRIBUTED) {
    const together = first.get(column) ?? 'none';
    await session.query('SELECT create_distributed_table($1, $2, colocate_with => $3)', [table, column, together]);
    if (!first.has(column)) first.set(column, table);
  }
  logger?.info('Citus spreads the tables over its workers');
}

export async function writeMeta(session: Session, key: string, value: number): Promise<void> {
  await session.run('INSERT INTO meta VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
    key,
    value,
  ]);
}

/** Which part of the work a server belongs to. FNV-1a over its name: the same on every collector, today and later. */
export function shardOf(server: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(server)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % SHARDS;
}
