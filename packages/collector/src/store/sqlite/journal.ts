/**
 * Batches as they came, on disk before they are acknowledged. An entry leaves with the last of the minutes it touched; each
 * written minute remembers the newest entry that is in its rows, so that a replay after a crash adds nothing twice.
 */

import type { IncomingBatch } from '../store.ts';
import type { Connection } from './db/connection.ts';

export interface JournalEntry {
  id: number;
  receivedAtMs: number;
  skewMs: number;
  body: Uint8Array;
}

interface Held {
  bytes: number;
  /** Minutes that are not written yet. */
  minutes: Set<number>;
}

export class Journal {
  readonly #held = new Map<number, Held>();
  #bytes = 0;
  #nextId = 1;

  constructor(private readonly connection: Connection) {}

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Id of the newest entry there ever was. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  /** Ids are never given twice, not even when the journal was empty at a restart. */
  startAfter(id: number): void {
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  *entries(): IterableIterator<JournalEntry> {
    for (const row of this.connection.iterate('SELECT id, received_ms, skew_ms, body FROM journal ORDER BY id')) {
      yield {
        id: Number(row.id),
        receivedAtMs: Number(row.received_ms),
        skewMs: Number(row.skew_ms),
        body: row.body as Uint8Array,
      };
    }
  }

  /** Writes batches within the caller's transaction and returns the id of the first; call `hold` for each once it is durable. */
  write(batches: readonly IncomingBatch[]): number {
    const first = this.#nextId;
    batches.forEach(({ receivedAtMs, skewMs, body }, index) => {
      this.connection.run('INSERT INTO journal VALUES (?, ?, ?, ?)', first + index, receivedAtMs, skewMs, body);
    });
    return first;
  }

  /** Takes note of a durable entry and of the minutes it has to stay for. */
  hold(id: number, bytes: number, minutes: Set<number>): void {
    this.#held.set(id, { bytes, minutes });
    this.#bytes += bytes;
    this.startAfter(id);
  }

  /** Entries that are needed no longer once these minutes are written. */
  finishedWith(minutes: ReadonlySet<number>): number[] {
    const finished: number[] = [];
    for (const [id, held] of this.#held) {
      if (isSubset(held.minutes, minutes)) finished.push(id);
    }
    return finished;
  }

  /** Within the caller's transaction. `ids` ascend, and mostly follow each other: they are deleted as ranges. */
  remove(ids: readonly number[]): void {
    for (let i = 0; i < ids.length; ) {
      let end = i;
      while (ids[end + 1] === ids[end]! + 1) end++;
      this.connection.run('DELETE FROM journal WHERE id BETWEEN ? AND ?', ids[i]!, ids[end]!);
      i = end + 1;
    }
  }

  /** To be called once a transaction that wrote these minutes and removed these entries is durable. */
  removed(ids: readonly number[], minutes: ReadonlySet<number>): void {
    for (const id of ids) {
      this.#bytes -= this.#held.get(id)!.bytes;
      this.#held.delete(id);
    }
    for (const held of this.#held.values()) {
      for (const minute of held.minutes) if (minutes.has(minute)) held.minutes.delete(minute);
    }
  }

  /** After the database was exchanged: its journal is whatever was recovered, ours begins anew. */
  clear(): void {
    this.connection.run('DELETE FROM journal');
    this.#held.clear();
    this.#bytes = 0;
  }
}

function isSubset(set: ReadonlySet<number>, of: ReadonlySet<number>): boolean {
  for (const value of set) if (!of.has(value)) return false;
  return true;
}
