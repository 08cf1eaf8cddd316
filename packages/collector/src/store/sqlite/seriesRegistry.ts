/**
 * Numbers for series, so that a row names its series in two bytes. Real series have ids from 1; the pre-merged rows of a
 * whole server have negative ids and those of everything have 0, which makes "real series only" a comparison in SQL.
 */

import type { SeriesKind } from '@mcp-vitals/wire/decode';
import type { SeriesFilter, SeriesKey } from '../../model/series.ts';
import { type NameLimits, SeriesIndex, type ServerFilter, type ServerSeries } from '../seriesIndex.ts';
import type { Connection } from './db/connection.ts';

export const ALL_SERVERS_ID = 0;
const ALL_SERVERS: SeriesKey = { server: '', kind: 'tool', name: '' };

export class SeriesRegistry {
  readonly #index: SeriesIndex;
  #unsaved: number[] = [];
  #nextId = 1;
  #nextScopeId = -1;

  constructor(
    private readonly connection: Connection,
    limits: NameLimits,
  ) {
    this.#index = new SeriesIndex(limits);
  }

  load(): void {
    // An id is not given again when its series was forgotten: an old journal entry or mark may still name it.
    this.#nextId = Number(this.connection.get("SELECT value FROM meta WHERE key = 'last_series_id'")?.value ?? 0) + 1;
    for (const { id, server, kind, name } of this.connection.iterate('SELECT id, server, kind, name FROM series')) {
      this.#learn(Number(id), { server: String(server), kind: kind as SeriesKind, name: String(name) });
    }
  }

  /** The series of a server, whose name may be anything. */
  server(sentName: string): ServerSeries {
    return this.#index.server(sentName) ?? this.#addServer(this.#index.storedName(sentName));
  }

  /** Id of a series, making it when it is new; beyond the limit that of `__other__`. */
  id(server: ServerSeries, kind: SeriesKind, sentName: string): number {
    const known = this.#index.find(server, kind, sentName);
    if (known !== undefined) return known;
    const id = this.#nextId;
    this.#learn(id, { server: server.name, kind, name: this.#index.nameFor(server, kind, sentName) });
    this.#unsaved.push(id);
    return id;
  }

  key(id: number): SeriesKey | undefined {
    return id === ALL_SERVERS_ID ? ALL_SERVERS : this.#index.key(id);
  }

  /** Whether calls of this series count in the rows of its server and of everything. */
  isTool(id: number): boolean {
    return this.#index.isTool(id);
  }

  /** Id of the rows of the whole server that a series belongs to. */
  scopeOf(id: number): number {
    return this.#index.scopeOf(id);
  }

  /** Ids of real series that a filter selects, in no order. */
  select(filter: SeriesFilter): number[] {
    return this.#index.select(filter);
  }

  selectServers(filter: ServerFilter): ServerSeries[] {
    return this.#index.selectServers(filter);
  }

  /** Highest id ever given to a real series. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  /** Number of real series. */
  get size(): number {
    return this.#index.size;
  }

  /** Writes series made since the last time; within the caller's transaction. */
  save(): void {
    for (const id of this.#unsaved) {
      const key = this.#index.key(id);
      if (key === undefined) continue;
      this.connection.run('INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?)', id, key.server, key.kind, key.name);
    }
  }

  /** To be called once the transaction of `save` is durable. */
  saved(): void {
    this.#unsaved = [];
  }

  /** After the database was exchanged: everything has to be written again. */
  markAllUnsaved(): void {
    this.#unsaved = [...this.#index.ids()];
  }

  /** Forgets series of which no row is left. */
  forget(ids: Iterable<number>): void {
    this.#index.forget(ids);
  }

  #addServer(name: string): ServerSeries {
    const scopeId = this.#nextScopeId;
    this.#unsaved.push(scopeId);
    return this.#learnServer(name, scopeId);
  }

  #learn(id: number, key: SeriesKey): void {
    if (id < 0) {
      if (this.#index.server(key.server) === undefined) this.#learnServer(key.server, id);
      return;
    }
    // A database that was recovered may have lost the server's own entry.
    if (this.#index.server(key.server) === undefined) this.#addServer(key.server);
    this.#index.learn(id, key);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  #learnServer(name: string, scopeId: number): ServerSeries {
    this.#nextScopeId = Math.min(this.#nextScopeId, scopeId - 1);
    return this.#index.learnServer(name, scopeId);
  }
}
