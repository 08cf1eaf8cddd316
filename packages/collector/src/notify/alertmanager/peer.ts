/**
 * One Alertmanager. It is sent a state and no messages: what it has missed while it was away is in the next one, so nothing
 * waits for it but the newest.
 */
import type { Clock } from '../../clock.ts';
import { RetryPause } from '../../retryPause.ts';
import { DeliveryError } from '../channels/channel.ts';
import { postJson } from '../channels/postJson.ts';
import type { LaneStatus } from '../lane.ts';
import type { PostableAlert } from './postable.ts';

export interface PeerOptions {
  name: string;
  /** Without `/api/v2/alerts`. */
  url: string;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  clock: Pick<Clock, 'monotonicMs'>;
}

/** Shorter than alerts last there without a word of ours, so that one that is back is told in time. */
const MAX_PAUSE_MS = 60_000;
/** Of one request: some hundred kilobytes. */
const MAX_ALERTS = 250;

export class AlertmanagerPeer {
  readonly #options: PeerOptions;
  readonly #address: string;
  readonly #counts = { sent: 0, refused: 0, failed: 0 };
  readonly #closing = new AbortController();
  readonly #pause: RetryPause;
  /** The newest state that it has, by number; see `feed.ts`. */
  #has = Number.NEGATIVE_INFINITY;
  #waiting = 0;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#pause = new RetryPause({ clock: options.clock, maxPauseMs: MAX_PAUSE_MS, maxAskedMs: MAX_PAUSE_MS });
    this.#address = `${options.url.replace(/\/+$/, '')}/api/v2/alerts`;
  }

  get name(): string {
    return this.#options.name;
  }

  get status(): LaneStatus {
    const { failures, error } = this.#pause;
    return {
      name: this.name,
      waiting: this.#waiting,
      failures,
      ...(error !== undefined && { error }),
      counts: { ...this.#counts },
    };
  }

  /** Whether a state is news to it, and it may be asked. */
  wants(state: number): boolean {
    return state > this.#has && !this.#pause.isOn;
  }

  /** Sends a state; a failure is counted, and another try is put off. */
  async tell(state: number, alerts: readonly PostableAlert[]): Promise<void> {
    this.#waiting = alerts.length;
    try {
      await this.post(alerts);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#failed(error);
      return;
    }
    this.#has = state;
    this.#waiting = 0;
    this.#pause.succeeded();
    this.#counts.sent += alerts.length;
  }

  /** @throws what the request throws */
  async post(alerts: readonly PostableAlert[]): Promise<void> {
    const { headers, timeoutMs } = this.#options;
    // Nothing is sent as well: it shows whether the address and the rights are good.
    for (let from = 0; from === 0 || from < alerts.length; from += MAX_ALERTS) {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#closing.signal]);
      await postJson(this.#address, JSON.stringify(alerts.slice(from, from + MAX_ALERTS)), headers, signal);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  #failed(error: unknown): void {
    this.#counts[error instanceof DeliveryError && error.isRefused ? 'refused' : 'failed'] += 1;
    const askedMs = error instanceof DeliveryError ? error.retryAfterMs : undefined;
    this.#pause.failed(error instanceof Error ? error.message : String(error), askedMs);
  }
}
