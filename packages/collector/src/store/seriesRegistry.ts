/**
 * Numbers for series, so that a row names its series in two bytes. Real series have ids from 1; the pre-merged rows of a
 * whole server have negative ids and those of everything have 0, which makes "real series only" a comparison in SQL.
 */

import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { OVERFLOW_NAME, type SeriesFilter, type SeriesKey } from '../model/series.ts';
import type { Connection } from './db/connection.ts';
import { getOrInsert } from './getOrInsert.ts';
import { storedName } from './names.ts';

export const ALL_SERVERS_ID = 0;
const ALL_SERVERS: SeriesKey = { server: '', kind: 'tool', name: '' };

/** The series of one server, by kind and by name as it was sent. */
export interface ServerSeries {
  name: string;
  /** Id of the rows of the whole server. */
  scopeId: number;
  count: number;
  byKind: Map<SeriesKind, Map<string, number>>;
}

export interface NameLimits {
  maxSeriesPerServer: number;
  maxNameLength: number;
}

export class SeriesRegistry {
  readonly #servers = new Map<string, ServerSeries>();
  readonly #keys = new Map<number, SeriesKey>();
  #unsaved: number[] = [];
  #nextId = 1;
  #nextScopeId = -1;

  constructor(
    private readonly connection: Connection,
    private readonly limits: NameLimits,
  ) {}

  load(): void {
    // An id is not given again when its series was forgotten: an old journal entry or mark may still name it.
    this.#nextId = Number(this.connection.get("SELECT value FROM meta WHERE key = 'last_series_id'")?.value ?? 0) + 1;
    for (const { id, server, kind, name } of this.connection.iterate('SELECT id, server, kind, name FROM series')) {
      this.#learn(Number(id), { server: String(server), kind: kind as SeriesKind, name: String(name) });
    }
  }

  /** The series of a server, whose name may be anything. */
  server(sentName: string): ServerSeries {
    const known = this.#servers.get(sentName);
    if (known !== undefined) return known;
    const name = storedName(sentName, this.limits.maxNameLength);
    return this.#servers.get(name) ?? this.#addServer(name, this.#nextScopeId);
  }

  /** Id of a series, making it when it is new; beyond the limit that of `__other__`. */
  id(server: ServerSeries, kind: SeriesKind, sentName: string): number {
    const names = server.byKind.get(kind);
    const known = names?.get(sentName);
    if (known !== undefined) return known;
    const name = storedName(sentName, this.limits.maxNameLength);
    return names?.get(name) ?? this.#add(server, kind, name);
  }

  find(key: SeriesKey): number | undefined {
    const name = storedName(key.name, this.limits.maxNameLength);
    return this.#servers.get(storedName(key.server, this.limits.maxNameLength))?.byKind.get(key.kind)?.get(name);
  }

  key(id: number): SeriesKey | undefined {
    return id === ALL_SERVERS_ID ? ALL_SERVERS : this.#keys.get(id);
  }

  /** Whether calls of this series count in the rows of its server and of everything. */
  isTool(id: number): boolean {
    return this.#keys.get(id)?.kind === 'tool';
  }

  /** Id of the rows of the whole server that a series belongs to. */
  scopeOf(id: number): number {
    return this.#servers.get(this.#keys.get(id)!.server)!.scopeId;
  }

  /** Ids of real series that a filter selects, in no order. */
  select(filter: SeriesFilter): number[] {
    const kinds = filter.kinds ?? ['tool'];
    const name = filter.name === undefined ? undefined : storedName(filter.name, this.limits.maxNameLength);
    const selected: number[] = [];
    for (const server of this.selectServers(filter.server)) {
      for (const kind of kinds) {
        const names = server.byKind.get(kind);
        if (names === undefined) continue;
        if (name === undefined) selected.push(...names.values());
        else if (names.has(name)) selected.push(names.get(name)!);
      }
    }
    return selected;
  }

  selectServers(name: string | undefined): ServerSeries[] {
    if (name === undefined) return [...this.#servers.values()];
    const server = this.#servers.get(storedName(name, this.limits.maxNameLength));
    return server === undefined ? [] : [server];
  }

  /** Highest id ever given to a real series. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  /** Number of real series. */
  get size(): number {
    let size = 0;
    for (const id of this.#keys.keys()) if (id > 0) size++;
    return size;
  }

  /** Writes series made since the last time; within the caller's transaction. */
  save(): void {
    for (const id of this.#unsaved) {
      const key = this.#keys.get(id);
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
    this.#unsaved = [...this.#keys.keys()];
  }

  /** Forgets series of which no row is left; `remove` deletes one from the database. */
  forget(ids: Iterable<number>): void {
    for (const id of ids) {
      const key = this.#keys.get(id);
      const server = key && this.#servers.get(key.server);
      if (key === undefined || server === undefined) continue;
      this.#keys.delete(id);
      if (id < 0) this.#servers.delete(key.server);
      else if (server.byKind.get(key.kind)?.delete(key.name)) server.count--;
    }
  }

  #add(server: ServerSeries, kind: SeriesKind, name: string): number {
    if (server.count >= this.limits.maxSeriesPerServer && name !== OVERFLOW_NAME) {
      return this.id(server, kind, OVERFLOW_NAME);
    }
    const id = this.#nextId;
    this.#learn(id, { server: server.name, kind, name });
    this.#unsaved.push(id);
    return id;
  }

  #addServer(name: string, scopeId: number): ServerSeries {
    const server: ServerSeries = { name, scopeId, count: 0, byKind: new Map() };
    this.#learnScope(scopeId, server);
    this.#unsaved.push(scopeId);
    return server;
  }

  #learn(id: number, key: SeriesKey): void {
    const known = this.#servers.get(key.server);
    if (id < 0) {
      if (known === undefined) this.#learnScope(id, { name: key.server, scopeId: id, count: 0, byKind: new Map() });
      return;
    }
    // A database that was recovered may have lost the server's own entry.
    const server = known ?? this.#addServer(key.server, this.#nextScopeId);
    getOrInsert(server.byKind, key.kind, () => new Map<string, number>()).set(key.name, id);
    server.count++;
    this.#keys.set(id, key);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  #learnScope(id: number, server: ServerSeries): void {
    this.#servers.set(server.name, server);
    this.#keys.set(id, { server: server.name, kind: 'tool', name: '' });
    this.#nextScopeId = Math.min(this.#nextScopeId, id - 1);
  }
}
