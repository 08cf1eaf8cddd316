/** When a tool hangs: calling it on takes a whole time-out each time. */
import type { CallOutcome } from './target.ts';

const MAX_TIMEOUTS = 3;

export class TimeoutsInARow {
  #count = 0;

  add(outcome: CallOutcome): void {
    if (outcome.ok) this.#count = 0;
    // What was not sent says nothing of who answers.
    else if (outcome.kind !== 'dropped') this.#count = outcome.kind === 'timeout' ? this.#count + 1 : 0;
  }

  /** In words; undefined while it answers. */
  get whyOver(): string | undefined {
    return this.#count >= MAX_TIMEOUTS ? `it did not answer ${MAX_TIMEOUTS} times in a row` : undefined;
  }
}
