/**
 * What was not raised or not sent, counted by server and reason until it is told in one message. It is saved as it changes:
 * what is held back is never lost.
 */
import type { DigestMessage } from '../model/notification.ts';
import type { Item, Store } from '../store/store.ts';

/** Names of servers come from outside; more are counted together. */
const MAX_SERVERS = 500;
const OTHERS = 'other servers';

const KIND = 'digest';

interface Saved {
  sinceMs: number;
  reasons: [reason: string, count: number][];
}

interface Counted {
  sinceMs: number;
  reasons: Map<string, number>;
  isSaved: boolean;
}

export class Tally {
  readonly #store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  readonly #servers = new Map<string, Counted>();

  constructor(store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>) {
    this.#store = store;
  }

  /** Takes up what was saved, instead of what it has. */
  async load(): Promise<void> {
    const items = await this.#store.readItems(KIND);
    this.#servers.clear();
    for (const { key, value } of items) {
      const { sinceMs, reasons } = value as Saved;
      // Anything else is of a version that kept one item for all servers.
      if (Array.isArray(reasons)) this.#servers.set(key, { sinceMs, reasons: new Map(reasons), isSaved: true });
    }
  }

  add(server: string, reason: string, nowMs: number): void {
    const name = this.#servers.has(server) || this.#servers.size < MAX_SERVERS ? server : OTHERS;
    const counted = this.#servers.get(name) ?? { sinceMs: nowMs, reasons: new Map<string, number>(), isSaved: false };
    counted.reasons.set(reason, (counted.reasons.get(reason) ?? 0) + 1);
    counted.isSaved = false;
    this.#servers.set(name, counted);
  }

  /** By reason, of all servers. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { reasons } of this.#servers.values())
      for (const [reason, count] of reasons) counts[reason] = (counts[reason] ?? 0) + count;
    return counts;
  }

  async save(): Promise<void> {
    const changed = [...this.#servers].filter(([, { isSaved }]) => !isSaved);
    if (changed.length === 0) return;
    await this.#store.saveItems(
      KIND,
      changed.map(([server, { sinceMs, reasons }]): Item => {
        const value: Saved = { sinceMs, reasons: [...reasons] };
        return { key: server, value, server };
      }),
    );
    for (const [, counted] of changed) counted.isSaved = true;
  }

  /** What is to be told when it has been collected for long enough. */
  due(nowMs: number, afterMs: number): DigestMessage | undefined {
    if (this.#servers.size === 0) return undefined;
    const sinceMs = Math.min(...Array.from(this.#servers.values(), (counted) => counted.sinceMs));
    // A clock that was set back must not keep it for ever.
    const age = nowMs - sinceMs;
    if (age >= 0 && age < afterMs) return undefined;
    const servers = Array.from(this.#servers, ([server, { reasons }]) => ({
      server,
      reasons: Object.fromEntries(reasons),
    }));
    return { kind: 'digest', fromMs: Math.min(sinceMs, nowMs), toMs: nowMs, servers };
  }

  async clear(): Promise<void> {
    const servers = [...this.#servers.keys()];
    this.#servers.clear();
    await this.#store.deleteItems(KIND, servers);
  }
}
