/**
 * What is known of one series over one span while it is being added up. Digests are collected and merged only when
 * somebody needs the result, or when there are many: applying a window is then a few additions and a push.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { OutcomeCounts, Window } from '@mcp-vitals/wire/decode';
import type { Rollup } from '../model/rollup.ts';

/** Windows of a series per minute at one a second; a merge of that many small digests costs what one sort does. */
const MAX_PARTS = 64;

export class Accumulator {
  readonly outcomes: OutcomeCounts = [0, 0, 0, 0, 0, 0, 0];
  sumMs = 0;
  minMs = Number.POSITIVE_INFINITY;
  maxMs = Number.NEGATIVE_INFINITY;
  #parts: Digest[] = [];

  addWindow({ outcomes, digest }: Window): void {
    this.#count(outcomes);
    if (digest.count === 0) return;
    this.#extend(digest.sum, digest.min, digest.max);
    this.#parts.push(digest);
    if (this.#parts.length >= MAX_PARTS) this.#parts = [Digest.merge(this.#parts)];
  }

  /** `digests` may be empty where quantiles are not asked for. */
  addRow(outcomes: OutcomeCounts, sumMs: number, minMs: number, maxMs: number, digests: readonly Digest[]): void {
    this.#count(outcomes);
    if (!Number.isNaN(minMs)) this.#extend(sumMs, minMs, maxMs);
    for (const digest of digests) this.#parts.push(digest);
  }

  add(other: Accumulator, digests = true): void {
    this.addRow(
      other.outcomes,
      other.sumMs,
      other.empty ? Number.NaN : other.minMs,
      other.maxMs,
      digests ? other.#parts : [],
    );
  }

  /** Whether there is no duration. */
  get empty(): boolean {
    return this.minMs === Number.POSITIVE_INFINITY;
  }

  /** One digest of all parts. It may be shared: read it, do not add to it. */
  digest(): Digest {
    if (this.#parts.length !== 1) this.#parts = [Digest.merge(this.#parts)];
    return this.#parts[0]!;
  }

  toRollup(digests: boolean): Rollup {
    const { empty } = this;
    return {
      outcomes: [...this.outcomes],
      sumMs: this.sumMs,
      minMs: empty ? Number.NaN : this.minMs,
      maxMs: empty ? Number.NaN : this.maxMs,
      digest: digests ? this.digest() : undefined,
    };
  }

  #count(outcomes: OutcomeCounts): void {
    const own = this.outcomes;
    for (let i = 0; i < own.length; i++) own[i]! += outcomes[i]!;
  }

  #extend(sumMs: number, minMs: number, maxMs: number): void {
    this.sumMs += sumMs;
    if (minMs < this.minMs) this.minMs = minMs;
    if (maxMs > this.maxMs) this.maxMs = maxMs;
  }
}
