/**
 * Batches on their way into the database. Those that come while a group is being written are the next group: it grows with
 * the load, and an idle store waits for nothing. What waits is bounded; beyond that, senders keep what they have.
 */
import { nextTurn } from '../../clock.ts';
import { VitalsError } from '../../errors.ts';
import type { AppendResult, IncomingBatch } from '../store.ts';

export interface BatchQueueOptions {
  /** Makes a group durable; says what became of each. */
  commit(batches: readonly IncomingBatch[]): Promise<AppendResult[]>;
  /** Of bodies that wait or are being written. */
  maxBytes: number;
  /** Groups that are written at once: while the database writes one, the next is prepared. */
  writers: number;
}

interface Waiting {
  incoming: IncomingBatch;
  resolve(result: AppendResult): void;
  reject(error: unknown): void;
}

/** More in one transaction makes it longer, not cheaper. */
const MAX_GROUP = 2_000;
const RETRY_AFTER_MS = 2_000;

export class BatchQueue {
  #waiting: Waiting[] = [];
  #bytes = 0;
  readonly #writers = new Set<Promise<void>>();
  #isClosed = false;
  /** Batches on their way, so that a repeat waits for the first to be durable. */
  readonly #pending = new Map<string, Promise<AppendResult>>();

  constructor(private readonly options: BatchQueueOptions) {}

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#pending.size;
  }

  async append(incoming: IncomingBatch): Promise<AppendResult> {
    if (this.#isClosed) throw new VitalsError('unavailable', 'The store is closed.', { retryAfterMs: RETRY_AFTER_MS });
    const key = `${incoming.batch.instance} ${incoming.batch.seq}`;
    const first = this.#pending.get(key);
    if (first !== undefined) return first.then(() => 'duplicate');
    const bytes = incoming.body.length;
    if (this.#bytes + bytes > this.options.maxBytes) {
      throw new VitalsError('unavailable', 'Nothing was stored: the database cannot keep up.', {
        hint: 'Give the database more room, or raise ingest.maxJournalMb.',
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#bytes += bytes;
    const result = new Promise<AppendResult>((resolve, reject) => this.#waiting.push({ incoming, resolve, reject }));
    this.#pending.set(key, result);
    this.#startWriter();
    try {
      return await result;
    } finally {
      this.#pending.delete(key);
      this.#bytes -= bytes;
    }
  }

  /** Takes nothing more; resolves when what it had is durable or refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#writers);
  }

  #startWriter(): void {
    if (this.#writers.size >= this.options.writers || this.#waiting.length > 1) return;
    const writer = this.#drain().finally(() => this.#writers.delete(writer));
    this.#writers.add(writer);
  }

  async #drain(): Promise<void> {
    // What has arrived already is read in this turn of the event loop, and belongs to the first group.
    await nextTurn();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_GROUP);
      try {
        const results = await this.options.commit(group.map(({ incoming }) => incoming));
        for (const [i, { resolve }] of group.entries()) resolve(results[i]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
  }
}
