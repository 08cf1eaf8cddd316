/** The newest call of each series that is part of a trace. They are not in the store: what a restart forgets is gone. */
import type { Batch, Exemplar } from '@mcp-vitals/wire/decode';
import { LRUCache } from 'lru-cache';
import type { TimeRange } from '../store/store.ts';
import { seriesKey } from './minute.ts';

const MAX_SERIES = 10_000;

export class Exemplars {
  readonly #newest = new LRUCache<string, Exemplar>({ max: MAX_SERIES });

  constructor(private readonly storedName: (name: string) => string) {}

  observe({ servers, windows }: Batch, skewMs: number): void {
    for (const { server, kind, name, exemplar } of windows) {
      if (exemplar === undefined) continue;
      const key = `${this.storedName(servers[server]!.name)} ${seriesKey({ kind, name: this.storedName(name) })}`;
      const atMs = exemplar.atMs - skewMs;
      if ((this.#newest.get(key)?.atMs ?? 0) <= atMs) this.#newest.set(key, { ...exemplar, atMs });
    }
  }

  /** Of a series within a span. */
  newest(server: string, key: string, { fromMs, toMs }: TimeRange): Exemplar | undefined {
    const exemplar = this.#newest.get(`${server} ${key}`);
    return exemplar !== undefined && exemplar.atMs >= fromMs && exemplar.atMs <= toMs ? exemplar : undefined;
  }
}
