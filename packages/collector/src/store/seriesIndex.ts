/**
 * Which series there are, in memory: by the names they were sent with, and by the number that rows name them by. Real series
 * have positive numbers, the pre-merged rows of a whole server negative ones.
 */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { ANALYSIS_KINDS, OVERFLOW_NAME, type SeriesFilter, type SeriesKey } from '../model/series.ts';
import { workspaceOf } from '../model/workspace.ts';
import { getOrInsert } from './getOrInsert.ts';
import { storedName } from './names.ts';

/** The series of one server, by kind and by name as it is stored. */
export interface ServerSeries {
  name: string;
  /** Id of the rows of the whole server. */
  scopeId: number;
  /** Series that count against the limit: those of measured kinds, and apart from them those that only analyses read. */
  counts: Record<Budget, number>;
  byKind: Map<SeriesKind, Map<string, number>>;
}

/** How calls overlap must not take the place of the tools themselves. */
export type Budget = 'measured' | 'analysis';

export function budgetOf(kind: SeriesKind): Budget {
  return (ANALYSIS_KINDS as readonly SeriesKind[]).includes(kind) ? 'analysis' : 'measured';
}

export type ServerFilter = Pick<SeriesFilter, 'server' | 'workspace'>;

export interface NameLimits {
  /** Of each budget. */
  maxSeriesPerServer: number;
  maxNameLength: number;
}

export class SeriesIndex {
  readonly #servers = new Map<string, ServerSeries>();
  readonly #keys = new Map<number, SeriesKey>();

  constructor(private readonly limits: NameLimits) {}

  /** A server whose name may be anything; undefined when it is not known. */
  server(sentName: string): ServerSeries | undefined {
    return this.#servers.get(sentName) ?? this.#servers.get(this.storedName(sentName));
  }

  /** Id of a series of a server; beyond the limit that of `__other__`; undefined when it has none yet. */
  find(server: ServerSeries, kind: SeriesKind, sentName: string): number | undefined {
    const names = server.byKind.get(kind);
    return names?.get(sentName) ?? names?.get(this.nameFor(server, kind, sentName));
  }

  /** The name that a series of a server is stored under, which beyond the limit is `__other__`. */
  nameFor(server: ServerSeries, kind: SeriesKind, sentName: string): string {
    const name = this.storedName(sentName);
    const isKnown = server.byKind.get(kind)?.has(name) ?? false;
    return isKnown || server.counts[budgetOf(kind)] < this.limits.maxSeriesPerServer ? name : OVERFLOW_NAME;
  }

  storedName(sentName: string): string {
    return storedName(sentName, this.limits.maxNameLength);
  }

  key(id: number): SeriesKey | undefined {
    return this.#keys.get(id);
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
    const name = filter.name === undefined ? undefined : this.storedName(filter.name);
    const selected: number[] = [];
    for (const server of this.selectServers(filter)) {
      for (const kind of kinds) {
        const names = server.byKind.get(kind);
        if (names === undefined) continue;
        if (name === undefined) selected.push(...names.values());
        else if (names.has(name)) selected.push(names.get(name)!);
      }
    }
    return selected;
  }

  selectServers({ server: name, workspace }: ServerFilter): ServerSeries[] {
    const named = name === undefined ? undefined : this.#servers.get(this.storedName(name));
    const servers = name === undefined ? [...this.#servers.values()] : named === undefined ? [] : [named];
    return workspace === undefined ? servers : servers.filter((each) => workspaceOf(each.name) === workspace);
  }

  /** All ids, those of servers included. */
  ids(): IterableIterator<number> {
    return this.#keys.keys();
  }

  /** Number of real series. */
  get size(): number {
    let size = 0;
    for (const id of this.#keys.keys()) if (id > 0) size++;
    return size;
  }

  /** The server must be known. */
  learn(id: number, key: SeriesKey): void {
    const server = this.#servers.get(key.server)!;
    getOrInsert(server.byKind, key.kind, () => new Map<string, number>()).set(key.name, id);
    server.counts[budgetOf(key.kind)]++;
    this.#keys.set(id, key);
  }

  learnServer(name: string, scopeId: number): ServerSeries {
    const server: ServerSeries = { name, scopeId, counts: { measured: 0, analysis: 0 }, byKind: new Map() };
    this.#servers.set(name, server);
    this.#keys.set(scopeId, { server: name, kind: 'tool', name: '' });
    return server;
  }

  forget(ids: Iterable<number>): void {
    for (const id of ids) {
      const key = this.#keys.get(id);
      const server = key && this.#servers.get(key.server);
      if (key === undefined || server === undefined) continue;
      this.#keys.delete(id);
      if (id < 0) this.#servers.delete(key.server);
      else if (server.byKind.get(key.kind)?.delete(key.name)) server.counts[budgetOf(key.kind)]--;
    }
  }

  clear(): void {
    this.#servers.clear();
    this.#keys.clear();
  }
}
