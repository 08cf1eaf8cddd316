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
const KEY = 'current';

interface Saved {
  sinceMs: number;
  servers: [server: string, reasons: [reason: string, count: number][]][];
}

export class Tally {
  readonly #store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  readonly #servers = new Map<string, Map<string, number>>();
  #sinceMs = 0;
  #isSaved = true;

  constructor(store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>) {
    this.#store = store;
  }

  async load(): Promise<void> {
    const item = (await this.#store.readItems(KIND)).find(({ key }) => key === KEY);
    if (item === undefined) return;
    const { sinceMs, servers } = item.value as Saved;
    this.#sinceMs = sinceMs;
    for (const [server, reasons] of servers) this.#servers.set(server, new Map(reasons));
  }

  add(server: string, reason: string, nowMs: number): void {
    if (this.#servers.size === 0) this.#sinceMs = nowMs;
    const name = this.#servers.has(server) || this.#servers.size < MAX_SERVERS ? server : OTHERS;
    const reasons = this.#servers.get(name) ?? new Map<string, number>();
    this.#servers.set(name, reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
    this.#isSaved = false;
  }

  /** By reason, of all servers. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const reasons of this.#servers.values())
      for (const [reason, count] of reasons) counts[reason] = (counts[reason] ?? 0) + count;
    return counts;
  }

  async save(): Promise<void> {
    if (this.#isSaved) return;
    const servers = Array.from(this.#servers, ([server, reasons]): Saved['servers'][number] => [server, [...reasons]]);
    await this.#store.saveItems(KIND, [
      { key: KEY, value: { sinceMs: this.#sinceMs, servers } satisfies Saved } as Item,
    ]);
    this.#isSaved = true;
  }

  /** What is to be told when it has been collected for long enough. */
  due(nowMs: number, afterMs: number): DigestMessage | undefined {
    // A clock that was set back must not keep it for ever.
    const age = nowMs - this.#sinceMs;
    if (this.#servers.size === 0 || (age >= 0 && age < afterMs)) return undefined;
    const servers = Array.from(this.#servers, ([server, reasons]) => ({
      server,
      reasons: Object.fromEntries(reasons),
    }));
    return { kind: 'digest', fromMs: Math.min(this.#sinceMs, nowMs), toMs: nowMs, servers };
  }

  async clear(): Promise<void> {
    this.#servers.clear();
    await this.#store.deleteItems(KIND, [KEY]);
    this.#isSaved = true;
  }
}
