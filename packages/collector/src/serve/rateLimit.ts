/**
 * At most so many calls in any minute, per client, exactly: the limiter keeps the times of the last `limit` calls in a
 * ring, and a call may pass when the oldest of them is a minute old. One comparison and one store a call.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';

const SPAN_MS = 60_000;
/** Clients remembered; the one longest silent is forgotten first, which can only be to its advantage. */
const MAX_CLIENTS = 200;

interface Ring {
  times: Float64Array;
  next: number;
}

export class RateLimiter {
  readonly #clients = new LRUCache<string, Ring>({ max: MAX_CLIENTS });

  constructor(
    /** Plural noun for the message, e.g. `queries`. */
    private readonly what: string,
    private readonly limitPerMinute: number,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** @throws VitalsError `rate_limited`, with the time after which the next call will pass */
  take(client: string): void {
    const nowMs = this.clock.monotonicMs();
    let ring = this.#clients.get(client);
    if (!ring) {
      ring = { times: new Float64Array(this.limitPerMinute).fill(Number.NEGATIVE_INFINITY), next: 0 };
      this.#clients.set(client, ring);
    }
    const freeInMs = ring.times[ring.next]! + SPAN_MS - nowMs;
    if (freeInMs > 0) {
      throw new VitalsError('rate_limited', `More than ${this.limitPerMinute} ${this.what} in a minute`, {
        retryAfterMs: Math.ceil(freeInMs),
        hint: `Try again in ${Math.ceil(freeInMs / 1000)} s.`,
      });
    }
    ring.times[ring.next] = nowMs;
    ring.next = (ring.next + 1) % this.limitPerMinute;
  }
}
