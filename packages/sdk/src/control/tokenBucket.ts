/** The control `rate`: a bucket of tokens that fills steadily, and every call takes one. */
import type { RatePolicy } from '@mcp-vitals/wire/encode';

/** Sums of parts of a token are a little off. */
const ROUNDING = 1e-9;

export class TokenBucket {
  #policy: RatePolicy;
  #tokens: number;
  #filledMs: number;

  /** A full bucket. */
  constructor(policy: RatePolicy, nowMs: number) {
    this.#policy = policy;
    this.#tokens = policy.burst;
    this.#filledMs = nowMs;
  }

  /** Takes a token. 0 when there was one, else the milliseconds until there will be. */
  take(nowMs: number): number {
    this.#fill(nowMs);
    if (this.#tokens < 1 - ROUNDING) return ((1 - this.#tokens) / this.#policy.perSecond) * 1_000;
    this.#tokens = Math.max(0, this.#tokens - 1);
    return 0;
  }

  /** Another rate; the tokens stay as far as there is room. */
  update(policy: RatePolicy, nowMs: number): void {
    this.#fill(nowMs);
    this.#policy = policy;
    this.#tokens = Math.min(this.#tokens, policy.burst);
  }

  #fill(nowMs: number): void {
    const { perSecond, burst } = this.#policy;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#filledMs) * perSecond) / 1_000);
    this.#filledMs = nowMs;
  }
}
