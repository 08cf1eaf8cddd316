/**
 * The tables, as a list of migrations that only goes forward: `PRAGMA user_version` counts how many have run. A released
 * entry is never edited; a change is a new entry.
 */
import { VitalsError } from '../../../errors.ts';
import type { Connection } from './connection.ts';

const ROLLUP_COLUMNS = `
  start INTEGER NOT NULL, series INTEGER NOT NULL,
  ok INTEGER NOT NULL, tool_error INTEGER NOT NULL, protocol_error INTEGER NOT NULL, timeout INTEGER NOT NULL,
  cancelled INTEGER NOT NULL, input_required INTEGER NOT NULL, task_created INTEGER NOT NULL,
  sum_ms REAL NOT NULL, min_ms REAL, max_ms REAL, digest BLOB NOT NULL,
  PRIMARY KEY (start, series)`;

const RESOURCE_COLUMNS = `
  start INTEGER NOT NULL, server TEXT NOT NULL, instance TEXT NOT NULL,
  samples INTEGER NOT NULL, minutes INTEGER NOT NULL,
  cpu_percent_avg REAL NOT NULL, cpu_percent_max REAL NOT NULL,
  memory_mb_avg REAL NOT NULL, memory_mb_max REAL NOT NULL,
  memory_percent_avg REAL NOT NULL, memory_percent_max REAL NOT NULL,
  disk_io_kb REAL NOT NULL, event_loop_delay_ms_avg REAL NOT NULL, event_loop_delay_ms_max REAL NOT NULL,
  PRIMARY KEY (start, server, instance)`;

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (id INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, skew_ms REAL NOT NULL, body BLOB NOT NULL);
  CREATE TABLE minute_applied (minute INTEGER PRIMARY KEY, journal_id INTEGER NOT NULL);
  CREATE TABLE series (id INTEGER PRIMARY KEY, server TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL);
  CREATE TABLE rollup_minute (${ROLLUP_COLUMNS}) WITHOUT ROWID;
  CREATE TABLE rollup_hour (${ROLLUP_COLUMNS}) WITHOUT ROWID;
  CREATE TABLE rollup_day (${ROLLUP_COLUMNS}) WITHOUT ROWID;
  CREATE TABLE dirty (level TEXT NOT NULL, start INTEGER NOT NULL, series INTEGER NOT NULL, PRIMARY KEY (level, start, series)) WITHOUT ROWID;
  CREATE TABLE resource_minute (${RESOURCE_COLUMNS}) WITHOUT ROWID;
  CREATE TABLE resource_hour (${RESOURCE_COLUMNS}) WITHOUT ROWID;
  CREATE TABLE resource_day (${RESOURCE_COLUMNS}) WITHOUT ROWID;
  CREATE TABLE server (name TEXT PRIMARY KEY, version TEXT NOT NULL, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL, dropped TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE instance (id TEXT PRIMARY KEY, last_seen_ms INTEGER NOT NULL, highest_seq INTEGER NOT NULL, gaps TEXT NOT NULL,
    host TEXT NOT NULL, pid INTEGER NOT NULL, runtime TEXT NOT NULL, sdk TEXT NOT NULL, skew_ms REAL NOT NULL, servers TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE recent_error (series INTEGER NOT NULL, at_ms REAL NOT NULL, position INTEGER NOT NULL, error_class TEXT NOT NULL, code TEXT NOT NULL, message TEXT, PRIMARY KEY (series, position)) WITHOUT ROWID;
  CREATE TABLE anomaly (at_ms INTEGER NOT NULL, server TEXT NOT NULL, tool TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (at_ms, server, tool, type)) WITHOUT ROWID;
  CREATE TABLE threshold (threshold_id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE alert (alert_id TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL, server TEXT NOT NULL, severity TEXT NOT NULL, status TEXT NOT NULL, resolved_at_ms INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX alert_created ON alert (created_at_ms);
  CREATE TABLE alert_number (day TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE watch_state (server TEXT NOT NULL, tool TEXT NOT NULL, snapshot BLOB NOT NULL, PRIMARY KEY (server, tool)) WITHOUT ROWID;
  CREATE TABLE item (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
  `,
  // From here on the column `digest` may hold a histogram, or both: nothing to do, but a program of before cannot read it.
  '',
];

/** Names of all tables in the order in which a damaged database is copied: what cannot be computed again comes first. */
export const TABLES = [
  'meta',
  'series',
  'threshold',
  'alert',
  'alert_number',
  'anomaly',
  'item',
  'watch_state',
  'instance',
  'server',
  'minute_applied',
  'journal',
  'rollup_day',
  'rollup_hour',
  'rollup_minute',
  'resource_day',
  'resource_hour',
  'resource_minute',
  'dirty',
  'recent_error',
] as const;

/** @throws VitalsError `conflict` when a newer version of this program wrote the database */
export function migrate(connection: Connection): void {
  const version = Number(connection.get('PRAGMA user_version')?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new VitalsError(
      'conflict',
      `The database ${connection.path} has version ${version}; this program knows ${MIGRATIONS.length}.`,
      {
        hint: 'Install the newest mcp-vitals, or use another data directory.',
      },
    );
  }
  if (version === MIGRATIONS.length || connection.readOnly) return;
  connection.transaction(() => {
    for (const migration of MIGRATIONS.slice(version)) connection.exec(migration);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}
