/** How long a destination that failed is left alone: longer each time, and never the same for two collectors. */
import type { Clock } from '../clock.ts';

const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 5 * 60_000;

export class RetryPause {
  failures = 0;
  error: string | undefined;
  #untilMs = Number.NEGATIVE_INFINITY;
  #sinceMs = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  get isOn(): boolean {
    return this.clock.monotonicMs() < this.#untilMs;
  }

  /** How long nothing has gone out. */
  get failingMs(): number {
    return this.failures === 0 ? 0 : this.clock.monotonicMs() - this.#sinceMs;
  }

  /** @param askedMs what the other side asks for; it knows best */
  failed(error: string, askedMs: number | undefined): void {
    const nowMs = this.clock.monotonicMs();
    if (this.failures === 0) this.#sinceMs = nowMs;
    this.failures++;
    this.error = error;
    const longestMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.failures - 1));
    const pauseMs = longestMs * (0.5 + Math.random() / 2);
    this.#untilMs = nowMs + (askedMs ?? pauseMs);
  }

  succeeded(): void {
    this.failures = 0;
    this.error = undefined;
  }
}
