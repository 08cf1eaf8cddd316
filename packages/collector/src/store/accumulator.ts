/**
 * What is known of one series over one span while it is being added up. Samples of windows are gathered
 * unsorted in one growing digest, which sorts and compresses them once there are many, or when somebody needs the result:
 * a window's own digest is garbage at once, and never grows old in memory.
 */
import { Digest, type Histogram, mergeSketches, type Sketch } from '@mcp-vitals/sketch';
import type { OutcomeCounts, Window } from '@mcp-vitals/wire/decode';
import type { Rollup } from '../model/rollup.ts';

/** Digests handed out stay as they are, so each question about an open minute may leave another behind; then they are merged. */
const MAX_PARTS = 64;

export class Accumulator {
  readonly outcomes: OutcomeCounts = [0, 0, 0, 0, 0, 0, 0];
  sumMs = 0;
  minMs = Number.POSITIVE_INFINITY;
  maxMs = Number.NEGATIVE_INFINITY;
  #parts: Sketch[] = [];
  /** What came since somebody last asked. Nobody else has it. */
  #gathered: Digest | undefined;

  addWindow({ outcomes, digest, histogram }: Window): void {
    this.#count(outcomes);
    if (histogram !== undefined) this.#addHistogram(histogram);
    if (digest.count === 0) return;
    this.#extend(digest.sum, digest.min, digest.max);
    this.#gathered ??= new Digest();
    this.#gathered.merge(digest);
  }

  /** `digests` may be empty where quantiles are not asked for. */
  addRow(outcomes: OutcomeCounts, sumMs: number, minMs: number, maxMs: number, digests: readonly Sketch[]): void {
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
      digests ? other.#sealed() : [],
    );
  }

  /** Whether there is no duration. */
  get empty(): boolean {
    return this.minMs === Number.POSITIVE_INFINITY;
  }

  /** One sketch of all parts. It may be shared: read it, do not add to it. */
  digest(): Sketch {
    if (this.#gathered !== undefined || this.#parts.length !== 1) this.#parts = [mergeSketches(this.#sealed())];
    return this.#parts[0]!;
  }

  /** All parts, which from here on stay as they are. */
  #sealed(): readonly Sketch[] {
    if (this.#gathered !== undefined) {
      this.#parts.push(this.#gathered);
      this.#gathered = undefined;
    }
    if (this.#parts.length > MAX_PARTS) this.#parts = [mergeSketches(this.#parts)];
    return this.#parts;
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

  #addHistogram(histogram: Histogram): void {
    if (histogram.count === 0) return;
    this.#extend(histogram.sum, histogram.min, histogram.max);
    this.#parts.push(histogram);
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
