/** When a load does more harm than it tells, over all of its phases: errors rise, or the tool hangs. */
import { shareInterval } from '../../model/intervals.ts';
import { zOfUpperTail } from '../../model/normal.ts';
import type { CallOutcome } from './target.ts';
import { TimeoutsInARow } from './timeoutsInARow.ts';

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
  readonly #timeouts = new TimeoutsInARow();

  constructor(private readonly maxFailedShare = MAX_FAILED_SHARE) {}

  /** @returns why to stop, in words; undefined: go on */
  add(outcome: CallOutcome): string | undefined {
    // A phase may be shorter than the time that a call is given: it would see one of them.
    this.#timeouts.add(outcome);
    if (this.#timeouts.whyOver !== undefined) return this.#timeouts.whyOver;
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
