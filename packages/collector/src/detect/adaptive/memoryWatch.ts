/**
 * Whether a server's memory goes where it has never been: the lowest of the last half hour, which garbage collection and
 * single requests do not lift, against the highest that this was in two days.
 */
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { Reading, ServerMinute } from './observation.ts';

/** Longer than the time between two collections of a busy heap. */
const TROUGH_MINUTES = 30;
/** Two days, so that the busiest hours are among them. */
const RECORD_MINUTES = (2 * DAY_MS) / MINUTE_MS;
/** The record is that of four hours ago and before: a leak must not raise the bar as it goes. */
const LAG_MINUTES = 240;
/** How much above the record is new: more than a new version or a fuller cache takes. */
const MARGIN = 0.1;
const MIN_HISTORY_MINUTES = 720;
/** Minutes below half of the margin that end it: a restart. */
const END_MINUTES = 3;
/** What lasts as long is how things are now. */
const ADOPT_MINUTES = 720;

export class MemoryWatch {
  isOpen = false;
  /** While it is open: MB. */
  reading: Reading | undefined;
  private readonly latest: number[] = [];
  private readonly troughs: number[] = [];
  /** The one that was passed, when it is open. */
  private recordMb = 0;
  private openMinutes = 0;
  private belowMinutes = 0;

  observe({ atMs, memoryMb }: ServerMinute): void {
    this.latest.push(memoryMb);
    if (this.latest.length > TROUGH_MINUTES) this.latest.shift();
    const trough = Math.min(...this.latest);
    if (this.isOpen) this.goOn(memoryMb);
    else if (this.troughs.length >= MIN_HISTORY_MINUTES) this.compare(trough, atMs);
    if (!this.isOpen) this.reading = undefined;
    else if (trough > this.reading!.value) this.reading = { ...this.reading!, value: trough };
    // An episode does not set records.
    this.troughs.push(this.isOpen ? Math.min(trough, this.recordMb) : trough);
    if (this.troughs.length > RECORD_MINUTES + LAG_MINUTES) this.troughs.shift();
  }

  private compare(trough: number, atMs: number): void {
    const record = highest(this.troughs, this.troughs.length - LAG_MINUTES);
    if (trough <= record * (1 + MARGIN)) return;
    this.isOpen = true;
    this.reading = { sinceMs: atMs, value: trough, low: 0, high: record * (1 + MARGIN) };
    this.recordMb = record;
    this.openMinutes = 0;
    this.belowMinutes = 0;
  }

  private goOn(memoryMb: number): void {
    this.openMinutes += 1;
    this.belowMinutes = memoryMb < this.recordMb * (1 + MARGIN / 2) ? this.belowMinutes + 1 : 0;
    if (this.belowMinutes >= END_MINUTES) this.isOpen = false;
    else if (this.openMinutes > ADOPT_MINUTES) {
      this.isOpen = false;
      this.troughs.length = 0;
    }
  }
}

function highest(values: readonly number[], end: number): number {
  let best = 0;
  for (let i = 0; i < end; i += 1) if (values[i]! > best) best = values[i]!;
  return best;
}
