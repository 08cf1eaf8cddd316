/** How long another side that failed is left alone: longer each time, unless it says how long. */
import type { Clock } from './clock.ts';

const FIRST_PAUSE_MS = 5_000;
/** Nobody waits for longer, whatever the other side asks for. */
const MAX_RETRY_AFTER_MS = 3_600_000;

export interface RetryPauseOptions {
  clock: Pick<Clock, 'monotonicMs'>;
  /** The longest pause of our own. */
  maxPauseMs: number;
  /** The longest pause that the other side may ask for; default: as long as it likes. */
  maxAskedMs?: number;
  /** From 0.5 to 1, to be multiplied with our own pauses, where many must not come back at once; default: 1. */
  jitter?(): number;
}

export class RetryPause {
  /** In a row. */
  failures = 0;
  /** Why the last try failed; absent when it did not. */
  error: string | undefined;
  readonly #options: RetryPauseOptions;
  #untilMs = Number.NEGATIVE_INFINITY;
  #sinceMs = 0;

  constructor(options: RetryPauseOptions) {
    this.#options = options;
  }

  /** Whether it is too early to try again. */
  get isOn(): boolean {
    return this.#options.clock.monotonicMs() < this.#untilMs;
  }

  /** How long nothing has gone out. */
  get failingMs(): number {
    return this.failures === 0 ? 0 : this.#options.clock.monotonicMs() - this.#sinceMs;
  }

  /** @param askedMs what the other side asks for; it knows best */
  failed(error: string, askedMs: number | undefined): void {
    const { clock, maxPauseMs, maxAskedMs = Number.POSITIVE_INFINITY, jitter = () => 1 } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.failures === 0) this.#sinceMs = nowMs;
    this.failures++;
    this.error = error;
    const ownMs = Math.min(maxPauseMs, FIRST_PAUSE_MS * 2 ** (this.failures - 1)) * jitter();
    this.#untilMs = nowMs + (askedMs === undefined ? ownMs : Math.min(maxAskedMs, askedMs));
  }

  succeeded(): void {
    this.failures = 0;
    this.error = undefined;
  }
}

/** What a header `Retry-After` asks for, in seconds or as a date; undefined when it asks for nothing that can be understood. */
export function retryAfterMs(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}
