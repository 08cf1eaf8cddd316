/**
 * One connection to the database file, with its statements prepared once. The tables hold a `Connection`, not the engine's
 * own object, so that a damaged file can be exchanged for a new one under them.
 */
import { type Engine, openEngine, type Row, type SqlValue, type Statement } from './engine.ts';

/** Rows of rollups carry digests of up to 2 kB; at 8 kB a page they stay in the leaf instead of taking an overflow page each. */
const PAGE_BYTES = 8192;

/** FULL: a commit is on the disk before it is acknowledged. The WAL is folded back every 16 MB. */
const PRAGMAS = `
  PRAGMA page_size = ${PAGE_BYTES};
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 2000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16000;
  PRAGMA busy_timeout = 2000;
  PRAGMA trusted_schema = OFF;
`;

export class Connection {
  #engine: Engine;
  readonly #statements = new Map<string, Statement>();

  constructor(
    readonly path: string,
    readonly readOnly: boolean,
  ) {
    this.#engine = openEngine(path, { readOnly });
    this.exec(readOnly ? 'PRAGMA busy_timeout = 2000' : PRAGMAS);
  }

  exec(sql: string): void {
    this.#engine.exec(sql);
  }

  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepared(sql).all(...values);
  }

  /** The rows must be read to the end, or left, before the next statement that writes. */
  iterate(sql: string, ...values: SqlValue[]): IterableIterator<Row> {
    return this.#prepared(sql).iterate(...values);
  }

  /** Runs `work` in one transaction: all of it is durable afterwards, or nothing happened. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.#quietly('ROLLBACK');
      throw error;
    }
  }

  /** Closes the file, lets `exchange` do with it what it must, and opens what is then in its place. */
  reopen(exchange: () => void): void {
    this.close();
    exchange();
    this.#engine = openEngine(this.path, { readOnly: this.readOnly });
    this.exec(this.readOnly ? 'PRAGMA busy_timeout = 2000' : PRAGMAS);
  }

  /**
   * Folds the WAL back and closes. `@photostructure/sqlite` keeps the file open until the statements are garbage, so what
   * SQLite would do at the last moment is done here.
   */
  close(): void {
    this.#statements.clear();
    if (!this.readOnly) this.#quietly('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#engine.close();
  }

  /** For what may fail without harm, as when the disk is full or the file damaged. */
  #quietly(sql: string): void {
    try {
      this.exec(sql);
    } catch {
      // The WAL is folded back at the next opening; a transaction that cannot be rolled back has been by SQLite.
    }
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#engine.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
