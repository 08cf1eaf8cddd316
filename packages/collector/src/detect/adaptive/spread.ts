/** How values of one kind scatter: centre, scale, and how heavy the upper tail is. */

import { median } from '../../model/median.ts';
import { MINUTE_MS } from '../../model/rollup.ts';

const KEPT = 128;
/**
 * Kept values are at least this far apart, so that together they are of about two days: no change can make itself the rule
 * while it goes on.
 */
const SPACING_MS = 20 * MINUTE_MS;
/** Values between two looks at all of them: sorting is what costs. */
const REFRESH = 8;
/** The least number of values that say anything. */
const ENOUGH = 24;
/** The MAD of a normal distribution times this is its standard deviation. */
export const MAD_TO_SIGMA = 1.4826;
/** Distances above the centre, in sigma, at which it is counted how often they are exceeded. */
const TAIL_SIGMAS = [2, 3, 4] as const;
/** The tail is rare and remembered longer: about as many values. */
const TAIL_MEMORY = 5_000;

export class Spread {
  /** Made when it is needed: of the classes of a tool most stay empty. */
  private values: Float32Array | undefined;
  private kept = 0;
  private newestMs = 0;
  private counted = 0;
  private readonly tails: [number, number, number] = [0, 0, 0];
  center = 0;
  sigma = Number.NaN;

  get isKnown(): boolean {
    return this.kept >= ENOUGH;
  }

  /**
   * The distance, in sigma, that one value is worth: what happens more often than it does to a normal distribution says
   * less. A tool with one slow call in thirty must not raise an alarm with three of them.
   */
  worth(sigmas: number): number {
    let worth = sigmas;
    for (const [i, limit] of TAIL_SIGMAS.entries()) {
      if (sigmas <= limit) break;
      const normalDistanceOfShare = Math.sqrt(2 * Math.log((this.counted + 1) / (this.tails[i]! + 0.5)));
      worth = Math.min(sigmas, Math.max(normalDistanceOfShare, Math.min(worth, limit)));
    }
    return worth;
  }

  add(value: number, atMs: number): void {
    if (Number.isFinite(this.sigma)) this.countTail((value - this.center) / this.sigma);
    if (this.kept >= KEPT && atMs - this.newestMs < SPACING_MS) return;
    this.newestMs = atMs;
    this.values ??= new Float32Array(KEPT);
    this.values[this.kept % KEPT] = value;
    this.kept += 1;
    if (this.kept % REFRESH === 0) this.refresh(this.values);
  }

  private countTail(sigmas: number): void {
    const keep = 1 - 1 / TAIL_MEMORY;
    this.counted = this.counted * keep + 1;
    for (const [i, limit] of TAIL_SIGMAS.entries()) this.tails[i] = this.tails[i]! * keep + (sigmas > limit ? 1 : 0);
  }

  private refresh(kept: Float32Array): void {
    const values = kept.slice(0, Math.min(this.kept, KEPT));
    this.center = median(values);
    this.sigma = MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - this.center)));
  }
}
