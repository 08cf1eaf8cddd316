/** When a load does more harm than it tells: errors rise. */
import { shareInterval } from '../../model/intervals.ts';
import { zOfUpperTail } from '../../model/normal.ts';
import type { CallOutcome } from './target.ts';

/** Calls that are looked at: an error rate from before it rose would hide that. */
const NEWEST_CALLS = 100;

/** Of fewer, one or two that fail by chance are a large share. */
const FEWEST_CALLS = 10;

/** Of calls, above which nobody wants to go on. */
const MAX_FAILED_SHARE = 0.1;

/** How sure it has to be that they are more: 99 %. */
const Z = zOfUpperTail(0.01);

export class StopRule {
  readonly #newest: boolean[] = [];

  constructor(private readonly maxFailedShare = MAX_FAILED_SHARE) {}

  /** @returns why to stop, in words; undefined: go on */
  add(outcome: CallOutcome): string | undefined {
    this.#newest.push(!outcome.ok);
    if (this.#newest.length > NEWEST_CALLS) this.#newest.shift();
    const calls = this.#newest.length;
    const failed = this.#newest.filter(Boolean).length;
    const isTooMany = calls >= FEWEST_CALLS && shareInterval(failed / calls, calls, Z)[0] > this.maxFailedShare;
    return isTooMany
      ? `errors rose: ${failed} of the newest ${calls} calls failed, which is surely above ${100 * this.maxFailedShare} %`
      : undefined;
  }
}
