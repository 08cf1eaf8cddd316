/**
 * The sending processes: which of their batches are stored (so that a repeat counts nothing), what they are, and what they
 * have in flight. Sequence numbers survive a restart; calls in flight do not need to.
 */
import type { Batch, InFlight } from '@mcp-vitals/wire/decode';
import { LIVE_MS } from '../kept.ts';
import { SequenceSet } from '../sequenceSet.ts';
import type { IncomingBatch } from '../store.ts';
import type { Connection } from './db/connection.ts';

export interface Instance {
  id: string;
  seqs: SequenceSet;
  lastSeenMs: number;
  process: Batch['process'];
  skewMs: number;
  /** As they were sent. */
  servers: string[];
  /** From the batch with the highest sequence number. */
  inFlight: readonly InFlight[];
}

export class Instances {
  readonly #byId = new Map<string, Instance>();
  readonly #unsaved = new Set<string>();

  constructor(private readonly connection: Connection) {}

  load(): void {
    for (const row of this.connection.iterate('SELECT * FROM instance')) {
      const id = String(row.id);
      this.#byId.set(id, {
        id,
        seqs: new SequenceSet(Number(row.highest_seq), JSON.parse(String(row.gaps))),
        lastSeenMs: Number(row.last_seen_ms),
        process: { host: String(row.host), pid: Number(row.pid), runtime: String(row.runtime), sdk: String(row.sdk) },
        skewMs: Number(row.skew_ms),
        servers: JSON.parse(String(row.servers)),
        inFlight: [],
      });
    }
  }

  hasSeen(id: string, seq: number): boolean {
    return this.#byId.get(id)?.seqs.has(seq) ?? false;
  }

  /** Notes a batch that is durable. */
  observe({ batch, receivedAtMs, skewMs }: IncomingBatch): void {
    const instance = this.#byId.get(batch.instance) ?? newInstance(batch);
    if (batch.seq > instance.seqs.highest) {
      // A batch from a spool file may come late: it says nothing about now.
      instance.inFlight = batch.inFlight;
      instance.servers = batch.servers.map(({ name }) => name);
      instance.skewMs = skewMs;
    }
    instance.seqs.add(batch.seq);
    instance.lastSeenMs = Math.max(instance.lastSeenMs, receivedAtMs);
    this.#byId.set(batch.instance, instance);
    this.#unsaved.add(batch.instance);
  }

  /** Instances heard of within the last two minutes. A clock that went back makes none of them disappear. */
  *live(nowMs: number): IterableIterator<Instance> {
    for (const instance of this.#byId.values()) {
      if (nowMs - instance.lastSeenMs <= LIVE_MS) yield instance;
    }
  }

  list(): IterableIterator<Instance> {
    return this.#byId.values();
  }

  /** Takes in one from elsewhere, unless it is known. */
  learn(instance: Instance): void {
    if (this.#byId.has(instance.id)) return;
    this.#byId.set(instance.id, instance);
    this.#unsaved.add(instance.id);
  }

  /** Within the caller's transaction. */
  save(): void {
    for (const id of this.#unsaved) {
      const { seqs, lastSeenMs, process, skewMs, servers } = this.#byId.get(id)!;
      this.connection.run(
        `INSERT OR REPLACE INTO instance (id, last_seen_ms, highest_seq, gaps, host, pid, runtime, sdk, skew_ms, servers)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        lastSeenMs,
        seqs.highest,
        JSON.stringify(seqs.gaps),
        process.host,
        process.pid,
        process.runtime,
        process.sdk,
        skewMs,
        JSON.stringify(servers),
      );
    }
  }

  saved(): void {
    this.#unsaved.clear();
  }

  markAllUnsaved(): void {
    for (const id of this.#byId.keys()) this.#unsaved.add(id);
  }

  /** Forgets instances that were last heard of before `beforeMs`; within the caller's transaction. */
  forgetBefore(beforeMs: number): number {
    for (const { id, lastSeenMs } of this.#byId.values()) {
      if (lastSeenMs >= beforeMs) continue;
      this.#byId.delete(id);
      this.#unsaved.delete(id);
    }
    return this.connection.run('DELETE FROM instance WHERE last_seen_ms < ?', beforeMs);
  }
}

function newInstance({ instance, process }: Batch): Instance {
  return { id: instance, seqs: new SequenceSet(), lastSeenMs: 0, process, skewMs: 0, servers: [], inFlight: [] };
}
