/**
 * The series, in the database and mirrored here. New ones are made one collector after the other, so that numbers become
 * visible in their order and whoever knows all up to one number has to ask for the rest only.
 */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { OVERFLOW_NAME, type SeriesKey } from '../../model/series.ts';
import { budgetOf, type NameLimits, SeriesIndex, type ServerSeries } from '../seriesIndex.ts';
import type { Database, Row, Session } from './database.ts';
import { shardOf } from './schema.ts';

/** A series as it was sent. */
export interface SentSeries {
  server: string;
  kind: SeriesKind;
  name: string;
}

/** Any number that no other program locks. */
const SERIES_LOCK = 6_848_003;

/** Held shared by those who add rows, and alone by who forgets series of which there is no row. */
const FORGET_LOCK = 6_848_004;

const EPOCH_KEY = 'series_epoch';

export class SeriesTable {
  readonly index: SeriesIndex;
  #lastId = 0;
  #lastScopeId = 0;
  #epoch = 0;
  readonly #shards = new Map<number, number>();
  readonly #serverOfScope = new Map<number, string>();

  constructor(
    private readonly database: Database,
    limits: NameLimits,
  ) {
    this.index = new SeriesIndex(limits);
  }

  /** Three statements whose rows `learn` takes, so that they travel together with others. */
  get newSql(): string {
    // A server is there before its series: read after them, those of all series are among them.
    return `SELECT coalesce(max(value), 0) epoch FROM meta WHERE key = '${EPOCH_KEY}';
      SELECT id, server, kind, name FROM series WHERE id > ${this.#lastId} ORDER BY id;
      SELECT name, scope_id, shard FROM server WHERE scope_id < ${this.#lastScopeId} ORDER BY scope_id DESC`;
  }

  /** @returns false when series were forgotten by somebody: then it knows nothing any more and is to be called again */
  learn([epochs = [], series = [], servers = []]: readonly Row[][]): boolean {
    const epoch = Number(epochs[0]?.epoch ?? 0);
    // A moment that is past may know series that are forgotten now; there are no rows of them.
    if (epoch > this.#epoch) {
      this.#reset(epoch);
      return false;
    }
    for (const row of servers) this.#learnServer(String(row.name), Number(row.scope_id), Number(row.shard));
    for (const row of series) {
      const id = Number(row.id);
      if (id <= this.#lastId) continue;
      this.index.learn(id, { server: String(row.server), kind: row.kind as SeriesKind, name: String(row.name) });
      this.#lastId = id;
    }
    return true;
  }

  /**
   * Keeps series from being forgotten until the transaction ends.
   * @returns false when some were since this index was made; it knows nothing any more then
   */
  async keep(session: Session): Promise<boolean> {
    const [, epochs] = await session.script(
      `SELECT pg_advisory_xact_lock_shared(${FORGET_LOCK}); SELECT coalesce(max(value), 0) epoch FROM meta WHERE key = '${EPOCH_KEY}'`,
    );
    const epoch = Number(epochs?.[0]?.epoch ?? 0);
    if (epoch <= this.#epoch) return true;
    this.#reset(epoch);
    return false;
  }

  /** Takes over what others have made meanwhile. */
  async refresh(session: Session): Promise<void> {
    while (!this.learn(await session.script(this.newSql)));
  }

  shardOfServer(server: ServerSeries): number {
    return this.#shards.get(server.scopeId)!;
  }

  serverOfScope(scopeId: number): string | undefined {
    return this.#serverOfScope.get(scopeId);
  }

  /** Makes servers and series that are not there yet; afterwards `index` knows all of them. */
  async ensure(servers: ReadonlySet<string>, series: readonly SentSeries[]): Promise<void> {
    // Others may have been forgotten while these were made: then they are new as well.
    for (;;) {
      const newServers = new Set<string>();
      for (const name of servers) {
        if (this.index.server(name) === undefined) newServers.add(this.index.storedName(name));
      }
      const newSeries = series.filter((each) => !this.#knows(each));
      if (newServers.size === 0 && newSeries.length === 0) return;
      await this.#make(newServers, newSeries);
    }
  }

  /** Deletes series of which no row is left, as the query for their ids says; within the caller's transaction. */
  async forget(session: Session, unusedIdsSql: string): Promise<number> {
    await session.query('SELECT pg_advisory_xact_lock($1)', [FORGET_LOCK]);
    const ids = (await session.query(unusedIdsSql)).map(({ id }) => Number(id));
    if (ids.length === 0) return 0;
    await session.run('DELETE FROM series WHERE id = ANY($1)', [ids]);
    await session.run('DELETE FROM recent_error WHERE series = ANY($1)', [ids]);
    await session.run(`INSERT INTO meta VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET value = meta.value + 1`, [
      EPOCH_KEY,
    ]);
    return ids.length;
  }

  async #make(servers: ReadonlySet<string>, series: readonly SentSeries[]): Promise<void> {
    try {
      await this.database.transaction('ingest', async (session) => {
        await session.query('SELECT pg_advisory_xact_lock($1)', [SERIES_LOCK]);
        await this.refresh(session);
        await this.#makeServers(session, servers);
        await this.refresh(session);
        await this.#makeSeries(session, series);
        await this.refresh(session);
      });
    } catch (error) {
      // What was learnt of a transaction that did not come to its end never was.
      this.#reset(this.#epoch);
      throw error;
    }
  }

  #knows({ server, kind, name }: SentSeries): boolean {
    const known = this.index.server(server);
    return known !== undefined && this.index.find(known, kind, name) !== undefined;
  }

  async #makeServers(session: Session, names: ReadonlySet<string>): Promise<void> {
    const missing = [...names].filter((name) => this.index.server(name) === undefined);
    if (missing.length === 0) return;
    await session.run('INSERT INTO server (name, shard) SELECT * FROM unnest($1::text[], $2::smallint[])', [
      missing,
      missing.map(shardOf),
    ]);
  }

  /** The limit of a server holds for what this transaction makes as well. */
  async #makeSeries(session: Session, sent: readonly SentSeries[]): Promise<void> {
    const made = new Map<string, { server: ServerSeries; key: SeriesKey }>();
    const countsOf = new Map<string, ServerSeries['counts']>();
    for (const { server: sentServer, kind, name: sentName } of sent) {
      const server = this.index.server(sentServer)!;
      if (this.index.find(server, kind, sentName) !== undefined) continue;
      const counts = countsOf.get(server.name) ?? { ...server.counts };
      const name = this.index.nameFor({ ...server, counts }, kind, sentName);
      const key = JSON.stringify([server.name, kind, name]);
      if (made.has(key) || server.byKind.get(kind)?.has(name)) continue;
      made.set(key, { server, key: { server: server.name, kind, name } });
      if (name !== OVERFLOW_NAME) counts[budgetOf(kind)]++;
      countsOf.set(server.name, counts);
    }
    const rows = [...made.values()];
    if (rows.length === 0) return;
    await session.run(
      `INSERT INTO series (server, scope_id, shard, kind, name)
       SELECT * FROM unnest($1::text[], $2::bigint[], $3::smallint[], $4::text[], $5::text[])`,
      [
        rows.map(({ key }) => key.server),
        rows.map(({ server }) => server.scopeId),
        rows.map(({ server }) => this.shardOfServer(server)),
        rows.map(({ key }) => key.kind),
        rows.map(({ key }) => key.name),
      ],
    );
  }

  #learnServer(name: string, scopeId: number, shard: number): void {
    if (scopeId >= this.#lastScopeId) return;
    this.#lastScopeId = scopeId;
    this.#shards.set(scopeId, shard);
    this.#serverOfScope.set(scopeId, name);
    this.index.learnServer(name, scopeId);
  }

  #reset(epoch: number): void {
    this.index.clear();
    this.#epoch = epoch;
    this.#lastId = 0;
    this.#lastScopeId = 0;
  }
}
