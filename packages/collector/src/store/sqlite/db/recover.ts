/**
 * A damaged database: it is kept under another name, and what can still be read of it is copied table by table into a new
 * one. A table is read from its beginning until the first error and then from its end, so one bad page costs what is on it.
 */
import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sketchFromBytes } from '@mcp-vitals/sketch';
import type { Connection } from './connection.ts';
import { type Engine, openEngine, type Row, type SqlValue } from './engine.ts';
import { TABLES } from './schema.ts';

const FILE_SUFFIXES = ['', '-wal', '-shm'] as const;

/** True when SQLite finds nothing wrong with the structure of the file. */
export function isSound(connection: Connection): boolean {
  return connection.get('PRAGMA quick_check(1)')?.quick_check === 'ok';
}

/** Moves the database with its WAL to `damaged-<time>.db` beside it and returns that path. */
export function setAside(path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  let aside = join(dirname(path), `damaged-${stamp}.db`);
  for (let i = 2; existsSync(aside); i++) aside = join(dirname(path), `damaged-${stamp}-${i}.db`);
  for (const suffix of FILE_SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}

export interface Recovery {
  /** Rows copied, by table. */
  rows: Record<string, number>;
  /** Tables that could not be read to the end. */
  incomplete: string[];
}

/** Copies what is readable into a new database that has its tables already. */
export function recoverInto(connection: Connection, damagedPath: string): Recovery {
  const recovery: Recovery = { rows: {}, incomplete: [] };
  let damaged: Engine;
  try {
    damaged = openEngine(damagedPath, { readOnly: false });
  } catch {
    return { rows: {}, incomplete: [...TABLES] };
  }
  for (const table of TABLES) {
    const { rows, complete } = copyTable(connection, damaged, table);
    recovery.rows[table] = rows;
    if (!complete) recovery.incomplete.push(table);
  }
  closeQuietly(damaged);
  return recovery;
}

function copyTable(connection: Connection, damaged: Engine, table: string): { rows: number; complete: boolean } {
  const columns = connection.all(`SELECT name, pk FROM pragma_table_info('${table}') ORDER BY cid`);
  const names = columns.map(({ name }) => String(name));
  const key = columns
    .filter(({ pk }) => Number(pk) > 0)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map(({ name }) => String(name));
  const insert = `INSERT OR IGNORE INTO ${table} (${names}) VALUES (${names.map(() => '?')})`;
  let rows = 0;
  const copy = (direction: 'ASC' | 'DESC'): boolean => {
    const order = key.map((name) => `${name} ${direction}`).join(', ');
    for (const row of readable(damaged, `SELECT ${names} FROM ${table} ORDER BY ${order}`)) {
      if (row === undefined) return false;
      if (isPlausible(row)) rows += connection.run(insert, ...names.map((name) => row[name] as SqlValue));
    }
    return true;
  };
  return connection.transaction(() => {
    const complete = copy('ASC');
    if (!complete) copy('DESC');
    return { rows, complete };
  });
}

/** Rows up to the first error, which shows as `undefined`. */
function* readable(damaged: Engine, sql: string): IterableIterator<Row | undefined> {
  try {
    yield* damaged.prepare(sql).iterate();
  } catch {
    yield undefined;
  }
}

/** Garbage inside a page goes unnoticed by SQLite; a digest that cannot be read would fail every query that meets it. */
function isPlausible({ digest }: Row): boolean {
  if (digest === undefined) return true;
  if (!(digest instanceof Uint8Array)) return false;
  if (digest.length === 0) return true;
  try {
    sketchFromBytes(digest);
    return true;
  } catch {
    return false;
  }
}

function closeQuietly(engine: Engine): void {
  try {
    engine.close();
  } catch {
    // The file is damaged and set aside; whether it can be closed in good order changes nothing.
  }
}
