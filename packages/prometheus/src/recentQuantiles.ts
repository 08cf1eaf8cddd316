/**
 * Quantiles of the last minutes, from a t-digest. Two spans, one under way and the one before: together they reach back
 * for between one and two spans, and what is older is left behind without remembering when each sample came.
 */
import { Digest } from '@mcp-vitals/sketch';
import { SUMMARY_QUANTILES } from './families.ts';

const SPAN_MS = 150_000;

/** Samples from before are no news. */
export const RECENT_MS = 2 * SPAN_MS;

/**
 * A fifth of what is stored is made with: a summary of five minutes has few samples, up to 200 of them are kept exactly, and
 * it is read for every series at every scrape. Errors measured: docs/decisions/0019-prometheus.md.
 */
const COMPRESSION = 100;

const MANY = 50;

export class RecentQuantiles {
  #current = new Digest(COMPRESSION);
  #before: Digest | undefined;
  #startedMs = 0;
  #read: readonly number[] | undefined;

  add(digest: Digest, nowMs: number): void {
    this.#turn(nowMs);
    this.#current.merge(digest);
    // Many samples are put in order as they come, so that a scrape finds little left to do; few may wait for it.
    if (digest.size > MANY) void this.#current.size;
    this.#read = undefined;
  }

  /** In the order of `SUMMARY_QUANTILES`; undefined when nothing is recent. */
  values(nowMs: number): readonly number[] | undefined {
    this.#turn(nowMs);
    if (this.#read === undefined && this.#isEmpty()) return undefined;
    this.#read ??= this.#quantiles();
    return this.#read;
  }

  #turn(nowMs: number): void {
    const ageMs = nowMs - this.#startedMs;
    if (ageMs < SPAN_MS && ageMs >= 0) return;
    const isOld = ageMs >= RECENT_MS || this.#current.count === 0;
    // By merging, it takes no more room than it has clusters.
    this.#before = isOld ? undefined : Digest.merge([this.#current], COMPRESSION);
    this.#current = new Digest(COMPRESSION);
    this.#startedMs = nowMs;
    this.#read = undefined;
  }

  #isEmpty(): boolean {
    return this.#current.count === 0 && this.#before === undefined;
  }

  #quantiles(): readonly number[] {
    const digest =
      this.#before === undefined ? this.#current : Digest.merge([this.#before, this.#current], COMPRESSION);
    return SUMMARY_QUANTILES.map((q) => digest.quantile(q));
  }
}
