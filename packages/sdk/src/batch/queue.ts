/** Batches that wait to be sent, oldest first, bounded in number and bytes. */
import type { SealedBatch } from '../transport/transport.ts';

const MAX_QUEUED_BYTES = 8 * 1_048_576;

export class BatchQueue {
  #batches: SealedBatch[] = [];
  #bytes = 0;

  constructor(readonly maxBatches: number) {}

  get length(): number {
    return this.#batches.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): SealedBatch | undefined {
    return this.#batches[0];
  }

  /** Adds a batch; returns the older half when there was no room for one more. */
  push(batch: SealedBatch): SealedBatch[] {
    const isFull = this.#batches.length >= this.maxBatches || this.#bytes + batch.body.length > MAX_QUEUED_BYTES;
    const evicted = isFull ? this.#removeFirst(Math.ceil(this.#batches.length / 2)) : [];
    this.#batches.push(batch);
    this.#bytes += batch.body.length;
    return evicted;
  }

  /** Takes out one batch, if it is still there. */
  remove(batch: SealedBatch): void {
    const index = this.#batches.indexOf(batch);
    if (index < 0) return;
    this.#batches.splice(index, 1);
    this.#bytes -= batch.body.length;
  }

  /** Takes out all. */
  takeAll(): SealedBatch[] {
    return this.#removeFirst(this.#batches.length);
  }

  #removeFirst(count: number): SealedBatch[] {
    const removed = this.#batches.splice(0, count);
    this.#bytes -= removed.reduce((sum, { body }) => sum + body.length, 0);
    return removed;
  }
}
