/** Opens the database of a data directory as well as it can be opened: to write, else to read, else empty. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from './connection.ts';
import { databaseFailure } from './failure.ts';
import { isSound, type Recovery, recoverInto, setAside } from './recover.ts';
import { migrate } from './schema.ts';

export const DATABASE_FILE = 'vitals.db';

export interface OpenedConnection {
  connection: Connection;
  /** Present when a damaged database was set aside at this opening. */
  recovery?: Recovery & { asidePath: string };
}

/** @param nowMs names the file that a damaged database is kept in */
export function openConnection(dataDir: string, readOnly: boolean, nowMs: number): OpenedConnection {
  const path = join(dataDir, DATABASE_FILE);
  if (readOnly) return { connection: openReadOnly(path) };
  try {
    prepareFiles(dataDir, path);
    return openWritable(path, nowMs);
  } catch (error) {
    if (databaseFailure(error) !== 'read_only') throw error;
    return { connection: openReadOnly(path) };
  }
}

/** Only the owner may read what is monitored. The WAL takes its mode from the database. */
function prepareFiles(dataDir: string, path: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Closing any descriptor of a file drops the locks that this process has on it: an existing file is not opened.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function openWritable(path: string, nowMs: number): OpenedConnection {
  let connection: Connection | undefined;
  try {
    connection = new Connection(path, false);
    migrate(connection);
    if (isSound(connection)) return { connection };
  } catch (error) {
    if (databaseFailure(error) !== 'damaged') throw error;
  }
  connection?.close();
  return openRecovered(path, nowMs);
}

function openRecovered(path: string, nowMs: number): OpenedConnection {
  const asidePath = setAside(path, nowMs);
  closeSync(openSync(path, 'a', 0o600));
  const connection = new Connection(path, false);
  migrate(connection);
  return { connection, recovery: { ...recoverInto(connection, asidePath), asidePath } };
}

/**
 * SQLite wants to write a shared-memory file even to read a WAL. Where it cannot, the database is opened as one that
 * nobody changes, which leaves out what is still in the WAL; and where there is none, an empty one answers.
 */
function openReadOnly(path: string): Connection {
  for (const location of [path, `file:${encodeURI(path)}?immutable=1`]) {
    try {
      const connection = new Connection(location, true);
      connection.get('SELECT count(*) FROM meta');
      return connection;
    } catch (error) {
      if (databaseFailure(error) === undefined) throw error;
    }
  }
  const empty = new Connection(':memory:', false);
  migrate(empty);
  return empty;
}
