/** Whether a server uses the processor as it never does: pinned, for minutes. */
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { ServerMinute } from './observation.ts';

/** The specification's critical level. */
const HIGH_PERCENT = 90;
/** And a tenth more than the highest of two days: a server that always works at its limit is no news. */
const ABOVE_RECORD = 1.1;
const RECORD_MINUTES = (2 * DAY_MS) / MINUTE_MS;
/** One busy minute is a big request. */
const MINUTES = 2;
/** Nothing is unusual in the first hour. */
const MIN_HISTORY_MINUTES = 60;
/** What lasts as long is how things are now. */
const ADOPT_MINUTES = 720;

export class CpuWatch {
  isOpen = false;
  readonly #history: number[] = [];
  #highMinutes = 0;
  #lowMinutes = 0;

  observe({ cpuPercent }: ServerMinute): void {
    const isHigh = cpuPercent >= HIGH_PERCENT && (this.isOpen || this.#isNew(cpuPercent));
    this.#highMinutes = isHigh ? this.#highMinutes + 1 : 0;
    this.#lowMinutes = isHigh ? 0 : this.#lowMinutes + 1;
    if (this.#highMinutes >= MINUTES) this.isOpen = true;
    else if (this.#lowMinutes >= MINUTES) this.isOpen = false;
    const isRule = this.#highMinutes > ADOPT_MINUTES;
    if (isRule) this.isOpen = false;
    else if (this.isOpen || isHigh) return;
    this.#history.push(cpuPercent);
    if (this.#history.length > RECORD_MINUTES) this.#history.shift();
  }

  #isNew(cpuPercent: number): boolean {
    return this.#history.length >= MIN_HISTORY_MINUTES && cpuPercent > this.#record() * ABOVE_RECORD;
  }

  #record(): number {
    let record = 0;
    for (const percent of this.#history) if (percent > record) record = percent;
    return record;
  }
}
