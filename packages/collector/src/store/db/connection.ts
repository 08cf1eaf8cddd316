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
      this.#rollBack();
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

  close(): void {
    this.#statements.clear();
    this.#engine.close();
  }

  /** SQLite has already rolled back by itself after some errors (a full disk), and then refuses to do it again. */
  #rollBack(): void {
    try {
      this.exec('ROLLBACK');
    } catch {
      // Nothing to roll back; the error that led here is the one to report.
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
