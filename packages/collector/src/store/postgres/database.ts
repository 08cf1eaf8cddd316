/**
 * The connections to the database, and what its errors mean to a caller. Batches have connections of their own: questions,
 * however many, never keep them waiting.
 */
import pg from 'pg';
import { VitalsError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';

export type Row = Record<string, unknown>;

/** One connection, within a transaction or not. */
export interface Session {
  query<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** Rows changed. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Several statements without parameters in one way to the server and back; the rows of each. */
  script(sql: string): Promise<Row[][]>;
  /** For COPY. */
  readonly client: pg.PoolClient;
}

/**
 * What the connections are for: batches, answers, work in the background, which may take its time, and the sign of life, which
 * must not wait for it.
 */
export type Purpose = 'ingest' | 'answer' | 'work' | 'heartbeat';

/** Each writes one group of batches at a time. */
export const INGEST_CONNECTIONS = 3;

const LIMITS: Record<Purpose, { connections: number; statementMs: number }> = {
  ingest: { connections: INGEST_CONNECTIONS, statementMs: 10_000 },
  answer: { connections: 6, statementMs: 30_000 },
  work: { connections: 3, statementMs: 10 * 60_000 },
  heartbeat: { connections: 1, statementMs: 5_000 },
};

const WORK_MEMORY = '32MB';
const CONNECT_MS = 5_000;
/** A server that was frozen says nothing at all, not even that a statement took too long. */
const SILENCE_MS = 5_000;

/** Isolation of a transaction; `snapshot` sees one moment and writes nothing. */
export type Isolation = 'read committed' | 'repeatable read' | 'snapshot';

const BEGIN: Record<Isolation, string> = {
  'read committed': 'BEGIN',
  'repeatable read': 'BEGIN ISOLATION LEVEL REPEATABLE READ',
  snapshot: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
};

export class Database {
  readonly #pools: Record<Purpose, pg.Pool>;

  /**
   * @param url `postgres://user:password@host:port/database`; never shown to anybody
   * @param schema where the tables are; a plain identifier
   */
  constructor(
    url: string,
    readonly schema: string,
    logger?: Pick<Logger, 'debug'>,
  ) {
    const pool = (purpose: Purpose): pg.Pool => {
      const { connections, statementMs } = LIMITS[purpose];
      const made = new pg.Pool({
        connectionString: url,
        // Digests of many series are merged side by side: with the usual 4 MB they would go over the disk.
        options: `-c search_path=${schema},public -c work_mem=${WORK_MEMORY}`,
        max: connections,
        connectionTimeoutMillis: CONNECT_MS,
        statement_timeout: statementMs,
        query_timeout: statementMs + SILENCE_MS,
        idle_in_transaction_session_timeout: 60_000,
        application_name: `mcp-vitals ${purpose}`,
        keepAlive: true,
        allowExitOnIdle: true,
      });
      // An idle connection that breaks is replaced at the next use.
      made.on('error', (error) => logger?.debug({ err: error }, 'A connection to the database broke'));
      return made;
    };
    this.#pools = { ingest: pool('ingest'), answer: pool('answer'), work: pool('work'), heartbeat: pool('heartbeat') };
  }

  /** @throws VitalsError `unavailable` when the database is away */
  async query<T extends Row = Row>(
    sql: string,
    values: readonly unknown[] = [],
    purpose: Purpose = 'answer',
  ): Promise<T[]> {
    return this.session(purpose, (session) => session.query<T>(sql, values));
  }

  async run(sql: string, values: readonly unknown[] = [], purpose: Purpose = 'answer'): Promise<number> {
    return this.session(purpose, (session) => session.run(sql, values));
  }

  /**
   * All of what `work` does is durable afterwards, or nothing of it happened. A transaction that stood in the way of another
   * is tried again.
   * @throws VitalsError `unavailable` when the database is away; what `work` throws
   */
  async transaction<T>(
    purpose: Purpose,
    work: (session: Session) => Promise<T>,
    isolation: Isolation = 'read committed',
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.session(purpose, (session) => inTransaction(session, work, isolation));
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isCollision(error)) throw error;
      }
    }
  }

  async session<T>(purpose: Purpose, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect(purpose);
    let isBroken = true;
    // A connection that ends between two statements says so by an event; the next statement fails by itself.
    client.on('error', ignore);
    try {
      const result = await work(sessionOf(client));
      isBroken = false;
      return result;
    } catch (error) {
      isBroken = !isAnswered(error);
      throw asVitalsError(error);
    } finally {
      // What is left of a connection in the middle of something is nobody's.
      client.off('error', ignore);
      client.release(isBroken);
    }
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.end()));
  }

  async #connect(purpose: Purpose): Promise<pg.PoolClient> {
    try {
      return await this.#pools[purpose].connect();
    } catch (error) {
      throw asVitalsError(error);
    }
  }
}

const MAX_ATTEMPTS = 5;

function ignore(): void {}

function sessionOf(client: pg.PoolClient): Session {
  return {
    client,
    query: async <T extends Row>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<T>(sql, values as unknown[])).rows,
    run: async (sql, values = []) => (await client.query(sql, values as unknown[])).rowCount ?? 0,
    // Of a single statement it is no list.
    script: async (sql) => {
      const results = (await client.query<Row>(sql)) as pg.QueryResult<Row> | pg.QueryResult<Row>[];
      return (Array.isArray(results) ? results : [results]).map(({ rows }) => rows);
    },
  };
}

async function inTransaction<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
  isolation: Isolation,
): Promise<T> {
  await session.run(BEGIN[isolation]);
  try {
    const result = await work(session);
    await session.run('COMMIT');
    return result;
  } catch (error) {
    if (isAnswered(error)) await session.run('ROLLBACK');
    throw error;
  }
}

/** Whether the server itself said no, so that the connection is as good as before. */
function isAnswered(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === undefined) return error instanceof VitalsError && error.cause === undefined;
  return !AWAY.has(state);
}

/** Another transaction was in the way: serialization failure, deadlock, a partition that went after it was looked up. */
function isCollision(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01' || state === '42P01';
}

/** The server shuts down, starts up, or was told to end the connection. */
const AWAY: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '08000', '08003', '08006']);

export function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.code;
  if (error instanceof VitalsError && error.cause !== undefined) return sqlStateOf(error.cause);
  return undefined;
}

/** SQLSTATE classes of what may be better later: connection, resources, operator's intervention, system, cancelled. */
const TEMPORARY_CLASSES: ReadonlySet<string> = new Set(['08', '40', '53', '55', '57', '58']);

/** Wrong user or password, no such database. */
const REFUSAL_CLASSES: ReadonlySet<string> = new Set(['28', '3D']);

const RETRY_AFTER_MS = 2_000;

/**
 * The error that a caller sees. A batch may well be stored later unless the database said why it never will be: what is
 * wrong with a statement is a fault of ours, and nobody is to send it again and again for that.
 */
function asVitalsError(error: unknown): unknown {
  if (error instanceof VitalsError) return error;
  const state = sqlStateOf(error);
  if (state !== undefined && REFUSAL_CLASSES.has(state.slice(0, 2))) {
    return new VitalsError('invalid', `The database refuses: ${(error as Error).message}.`, {
      hint: 'Check the user, the password and the name of the database in the setting `store`.',
      cause: error,
    });
  }
  if (state !== undefined && !TEMPORARY_CLASSES.has(state.slice(0, 2))) return error;
  if (state === undefined && !isConnectionError(error)) return error;
  const isFull = state === '53100';
  // Senders see this: where the database is stays in the log.
  return new VitalsError('unavailable', `The database ${isFull ? 'is full' : 'does not answer'}.`, {
    hint: isFull ? 'Free space on the disk of the database.' : 'See the log of the collector and of the database.',
    retryAfterMs: isFull ? 30_000 : RETRY_AFTER_MS,
    cause: error,
  });
}

/** What node-postgres and the network say when there is no connection (any more). */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (typeof code === 'string' && /^E[A-Z]+$/.test(code)) || /connection|timeout|terminated/i.test(error.message);
}
