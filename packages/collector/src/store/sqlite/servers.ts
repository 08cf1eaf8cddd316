/** What is known of each monitored server: version, first and last sign of life, samples its SDKs lost. */
import type { ServerInfo } from '../../model/series.ts';
import { addDropped } from '../kept.ts';
import type { IncomingBatch } from '../store.ts';
import type { Connection } from './db/connection.ts';
import type { SeriesRegistry } from './seriesRegistry.ts';

type ServerRecord = Omit<ServerInfo, 'liveInstances' | 'hosts'>;

export class Servers {
  readonly #byName = new Map<string, ServerRecord>();
  readonly #unsaved = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly registry: SeriesRegistry,
  ) {}

  load(): void {
    for (const row of this.connection.iterate('SELECT * FROM server')) {
      this.#byName.set(String(row.name), {
        name: String(row.name),
        version: String(row.version),
        firstSeenMs: Number(row.first_seen_ms),
        lastSeenMs: Number(row.last_seen_ms),
        dropped: JSON.parse(String(row.dropped)),
      });
    }
  }

  /** Losses are the process's, not one server's: they are booked on the first server it names. */
  observe({ batch, receivedAtMs }: IncomingBatch): void {
    batch.servers.forEach(({ name: sentName, version }, index) => {
      const { name } = this.registry.server(sentName);
      const server = this.#byName.get(name) ?? { name, version, firstSeenMs: receivedAtMs, lastSeenMs: 0, dropped: {} };
      // Who tracks calls of a server by hand does not know its version.
      if (version !== '' && receivedAtMs >= server.lastSeenMs) server.version = version;
      server.firstSeenMs = Math.min(server.firstSeenMs, receivedAtMs);
      server.lastSeenMs = Math.max(server.lastSeenMs, receivedAtMs);
      if (index === 0) addDropped(server.dropped, batch.dropped);
      this.#byName.set(name, server);
      this.#unsaved.add(name);
    });
  }

  /** Takes in one from elsewhere, unless it is known. */
  learn(server: ServerRecord): void {
    if (this.#byName.has(server.name)) return;
    this.#byName.set(server.name, { ...server, dropped: { ...server.dropped } });
    this.#unsaved.add(server.name);
  }

  list(): ServerRecord[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Within the caller's transaction. */
  save(): void {
    for (const name of this.#unsaved) {
      const { version, firstSeenMs, lastSeenMs, dropped } = this.#byName.get(name)!;
      this.connection.run(
        'INSERT OR REPLACE INTO server (name, version, first_seen_ms, last_seen_ms, dropped) VALUES (?, ?, ?, ?, ?)',
        name,
        version,
        firstSeenMs,
        lastSeenMs,
        JSON.stringify(dropped),
      );
    }
  }

  saved(): void {
    this.#unsaved.clear();
  }

  markAllUnsaved(): void {
    for (const name of this.#byName.keys()) this.#unsaved.add(name);
  }
}
