/**
 * The notifications that wait for one channel, oldest first. What fails is tried again, later each time; meanwhile the others
 * wait behind it, so that a channel that is down is asked once in a while and not once per notification.
 */
import type { Clock } from '../clock.ts';
import type { Notification } from '../model/notification.ts';
import { RetryPause } from '../retryPause.ts';
import { type Channel, DeliveryError } from './channels/channel.ts';
import { contentOf } from './content.ts';

export interface LaneOptions {
  name: string;
  channel: Channel;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  timeoutMs: number;
  keepMs: number;
  /** Told when a notification has left the lane for good. */
  onDone(notification: Notification, outcome: Outcome): Promise<void>;
}

export type Outcome = 'sent' | 'refused' | 'expired' | 'pushed_out';

export interface LaneStatus {
  name: string;
  waiting: number;
  /** Failures in a row; 0 when the last one went out. */
  failures: number;
  /** Why the last one failed; absent when it went out. */
  error?: string;
  /** By outcome. */
  counts: Record<string, number>;
}

/** Two in a row may be the network; after three somebody is to be told by another way. */
export const FAILING_AFTER = 3;

const MAX_PAUSE_MS = 15 * 60_000;
/** More is a flood, and the newest tell most. */
const MAX_WAITING = 1_000;

export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting: Notification[] = [];
  readonly #counts: Record<Outcome, number> = { sent: 0, refused: 0, expired: 0, pushed_out: 0 };
  readonly #pause: RetryPause;
  #running: Promise<void> | undefined;
  #closing = new AbortController();

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#pause = new RetryPause({ clock: options.clock, maxPauseMs: MAX_PAUSE_MS });
  }

  get status(): LaneStatus {
    const { failures, error } = this.#pause;
    return {
      name: this.#options.name,
      waiting: this.#waiting.length,
      failures,
      ...(error !== undefined && { error }),
      counts: { ...this.#counts },
    };
  }

  /** Takes a notification that was saved; one that is waiting already, of the same alert and change, only once. */
  add(notification: Notification): void {
    if (!this.#waiting.some(({ id }) => id === notification.id)) this.#waiting.push(notification);
    this.run();
  }

  /** Gives up what waits: somebody else has it. */
  clear(): void {
    // The one that is being sent leaves by itself.
    this.#waiting.splice(this.#running === undefined ? 0 : 1);
  }

  /** Sends what may be sent now; resolves when nothing more can be. */
  run(): Promise<void> {
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Sends one at once, whatever waits. @throws what the channel throws */
  async sendNow(notification: Notification): Promise<void> {
    const { channel, timeoutMs } = this.#options;
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#closing.signal]);
    const hung = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new DeliveryError(`it took longer than ${timeoutMs} ms`)), {
        once: true,
      });
    });
    // A channel that ignores the signal must not hold the lane.
    await Promise.race([channel.send(notification, contentOf(notification.message), signal), hung]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#options.channel.close?.();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#closing.signal.aborted) {
      const notification = this.#waiting[0]!;
      const { clock, keepMs } = this.#options;
      if (this.#waiting.length > MAX_WAITING) await this.#done(notification, 'pushed_out');
      else if (clock.nowMs() - notification.createdAtMs > keepMs) await this.#done(notification, 'expired');
      else if (this.#pause.isOn) return;
      else await this.#try(notification);
    }
  }

  async #try(notification: Notification): Promise<void> {
    try {
      await this.sendNow(notification);
    } catch (error) {
      if (!this.#closing.signal.aborted) await this.#failed(notification, error);
      return;
    }
    this.#pause.succeeded();
    await this.#done(notification, 'sent');
  }

  async #failed(notification: Notification, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof DeliveryError && error.isRefused) {
      // The message is wrong, not the way: the next one may go.
      this.#pause.error = message;
      return this.#done(notification, 'refused');
    }
    this.#pause.failed(message, error instanceof DeliveryError ? error.retryAfterMs : undefined);
  }

  async #done(notification: Notification, outcome: Outcome): Promise<void> {
    this.#waiting.shift();
    this.#counts[outcome] += 1;
    await this.#options.onDone(notification, outcome);
  }
}
