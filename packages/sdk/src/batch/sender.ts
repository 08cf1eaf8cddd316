/**
 * Sends queued batches one after the other, oldest first. While the collector is away they wait in memory, then in the
 * spool, and are dropped only when both are full. After a success the spool is emptied as well.
 */
import type { Policy } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ClaimedSpoolFile, SealedBatch, SendResult, Spool, Transport } from '../transport/transport.ts';
import { BatchQueue } from './queue.ts';

/** After a round of attempts failed, the collector is left alone for about this long. */
const COOL_DOWN_MS = 5_000;

type Retryable = Extract<SendResult, { status: 'retryable' }>;

export interface SenderDeps {
  clock: Pick<Clock, 'nowMs' | 'after'>;
  diagnostics: Diagnostics;
  transport: Transport;
  spool: Spool;
  maxQueuedBatches: number;
  /** From 0 to 1, as `Math.random`. */
  random(): number;
  /** Sending has come to an end, because all is sent or because it did not work out. */
  onIdle?(): void;
  /** The collector has answered to a batch of this process. */
  onPolicies?(policies: readonly Policy[]): void;
}

export class Sender {
  readonly #deps: SenderDeps;
  readonly #queue: BatchQueue;
  #sending: Promise<void> | undefined;
  #cancelCoolDown: (() => void) | undefined;
  /** Whether the spool may hold something: at the start from an earlier process, later from this one. */
  #spoolIsDue = true;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#queue = new BatchQueue(deps.maxQueuedBatches);
  }

  get queuedBatches(): number {
    return this.#queue.length;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Whether something is on its way, from memory or the spool. */
  get isSending(): boolean {
    return this.#sending !== undefined;
  }

  /** Whether the last attempt failed and the next one is some time off. */
  get isCoolingDown(): boolean {
    return this.#cancelCoolDown !== undefined;
  }

  /** Takes a batch over; sends it as soon as possible. */
  offer(batch: SealedBatch): void {
    this.#setAside(this.#queue.push(batch));
    if (!this.isCoolingDown) void this.#send();
  }

  /** Tries at once to send all there is; resolves when that is done or did not work out. Never rejects. */
  async flush(): Promise<void> {
    this.#endCoolDown();
    await this.#send();
  }

  /** Leaves everything unsent in the spool, in this very moment; for the exit of the process. */
  spoolAll(): void {
    this.#deps.spool.giveBack();
    this.#setAside(this.#queue.takeAll());
  }

  /** Forgets pending attempts. */
  stop(): void {
    this.#endCoolDown();
  }

  #send(): Promise<void> {
    this.#sending ??= Promise.resolve().then(() => this.#sendAll());
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    try {
      do {
        await this.#sendQueue();
        if (this.#spoolIsDue && !this.isCoolingDown) await this.#sendSpool();
      } while (this.#queue.oldest && !this.isCoolingDown);
    } catch (error) {
      // Transport and spool are written not to reject; an unhandled rejection would end the server.
      this.#coolDown({ status: 'retryable', reason: String(error) });
    } finally {
      this.#sending = undefined;
      this.#deps.onIdle?.();
    }
  }

  async #sendQueue(): Promise<void> {
    for (let batch = this.#queue.oldest; batch; batch = this.#queue.oldest) {
      const result = await this.#deps.transport.send(batch.body);
      if (result.status === 'retryable') return this.#coolDown(result);
      this.#queue.remove(batch);
      this.#settle(batch, result);
      if (result.status !== 'failure') this.#deps.onPolicies?.(result.policies ?? []);
    }
  }

  async #sendSpool(): Promise<void> {
    for (let file = await this.#deps.spool.claim(); file; file = await this.#deps.spool.claim()) {
      const failed = await this.#sendFile(file);
      if (failed) {
        file.release();
        return this.#coolDown(failed);
      }
      await file.done();
    }
    this.#spoolIsDue = false;
  }

  /** What stopped it, if anything did. */
  async #sendFile({ batches }: ClaimedSpoolFile): Promise<Retryable | undefined> {
    for (const body of batches) {
      const result = await this.#deps.transport.send(body);
      if (result.status === 'retryable') return result;
      this.#settle({ body, samples: 0, dropped: {} }, result);
    }
    return undefined;
  }

  #settle(batch: SealedBatch, result: Exclude<SendResult, Retryable>): void {
    const { diagnostics } = this.#deps;
    if (result.status !== 'failure') {
      diagnostics.counters.batchesSent += 1;
      return;
    }
    diagnostics.counters.sendFailures += 1;
    diagnostics.warnOnce('rejected', `the collector refused a batch, it is dropped: ${result.reason}`);
    this.#drop(batch, 'rejected');
  }

  #coolDown({ reason, retryAfterMs }: Retryable): void {
    const { clock, diagnostics, random } = this.#deps;
    diagnostics.counters.sendFailures += 1;
    diagnostics.warnOnce(`send ${reason}`, `the collector cannot be reached, measurements are kept: ${reason}`);
    this.#endCoolDown();
    const delayMs = retryAfterMs ?? COOL_DOWN_MS * (0.5 + random());
    this.#cancelCoolDown = clock.after(delayMs, () => {
      this.#cancelCoolDown = undefined;
      void this.#send();
    });
  }

  #endCoolDown(): void {
    this.#cancelCoolDown?.();
    this.#cancelCoolDown = undefined;
  }

  /** To the spool with them, or if that cannot be, away. */
  #setAside(batches: readonly SealedBatch[]): void {
    if (batches.length === 0) return;
    const { diagnostics, spool } = this.#deps;
    if (spool.write(batches)) {
      diagnostics.counters.batchesSpooled += batches.length;
      this.#spoolIsDue = true;
      return;
    }
    diagnostics.warnOnce(
      'queue_full',
      'the collector is away and the spool has no room, the oldest measurements are dropped',
    );
    for (const batch of batches) this.#drop(batch, 'queue_full');
  }

  #drop(batch: SealedBatch, reason: 'rejected' | 'queue_full'): void {
    this.#deps.diagnostics.restoreUnreported(batch.dropped);
    this.#deps.diagnostics.dropped(reason, batch.samples);
  }
}
