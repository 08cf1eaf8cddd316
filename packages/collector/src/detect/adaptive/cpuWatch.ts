/** Whether a server uses the processor as it never does: pinned, for minutes. */
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { Reading, ServerMinute } from './observation.ts';

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
  /** While it is open: per cent of one core. */
  reading: Reading | undefined;
  private readonly history: number[] = [];
  private highMinutes = 0;
  private lowMinutes = 0;

  observe({ atMs, cpuPercent }: ServerMinute): void {
    const isHigh = cpuPercent >= HIGH_PERCENT && (this.isOpen || this.isNew(cpuPercent));
    this.highMinutes = isHigh ? this.highMinutes + 1 : 0;
    this.lowMinutes = isHigh ? 0 : this.lowMinutes + 1;
    if (this.highMinutes >= MINUTES) this.isOpen = true;
    else if (this.lowMinutes >= MINUTES) this.isOpen = false;
    const isRule = this.highMinutes > ADOPT_MINUTES;
    if (isRule) this.isOpen = false;
    this.note(atMs, cpuPercent);
    if (!isRule && (this.isOpen || isHigh)) return;
    this.history.push(cpuPercent);
    if (this.history.length > RECORD_MINUTES) this.history.shift();
  }

  private note(atMs: number, cpuPercent: number): void {
    if (!this.isOpen) this.reading = undefined;
    else if (this.reading === undefined) {
      const high = Math.max(HIGH_PERCENT, this.record() * ABOVE_RECORD);
      this.reading = { sinceMs: atMs - (MINUTES - 1) * MINUTE_MS, value: cpuPercent, low: 0, high };
    } else if (cpuPercent > this.reading.value) this.reading = { ...this.reading, value: cpuPercent };
  }

  private isNew(cpuPercent: number): boolean {
    return this.history.length >= MIN_HISTORY_MINUTES && cpuPercent > this.record() * ABOVE_RECORD;
  }

  private record(): number {
    let record = 0;
    for (const percent of this.history) if (percent > record) record = percent;
    return record;
  }
}
