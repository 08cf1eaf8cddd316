/**
 * How far a value is from what its metric was in the last hour, and from what it was at this time on other days: only what is
 * far from both stands out. For metrics that people watch, with a daily rhythm, read every few minutes or more often.
 */
import { DAY_MS } from '../../model/rollup.ts';
import { Rolling } from './rolling.ts';

/** Values that make "the last hour" of a metric that is read every minute. */
const RECENT = 60;
/** Fewer tell nothing. */
const MIN_RECENT = 10;
/** A deviation is never taken to be less than half of a usual step from one value to the next. */
const STEP_SHARE = 0.5;
/** Days that are compared with, a week, and values to either side that are taken for the same time. */
const DAYS = 7;
const AROUND = 2;
/** A metric that often stands out does so less: its record fades within about three days of minutes. */
const RECORD_MEMORY = 5_000;
const RECORD_WEIGHT = 0.03;
/** What stands out is told once: while it has been greater within as many values, nothing is. */
const ONSET = 30;

/** Distances in standard deviations of the newest values; the first of the series have none. */
class RecentDistance {
  readonly #recent = new Rolling(RECENT);
  #last = Number.NaN;
  #steps = 0;
  #stepSum = 0;

  add(value: number): number {
    const { count, mean, deviation } = this.#recent;
    const step = this.#steps === 0 ? 0 : this.#stepSum / this.#steps;
    // A series that never moved has no scale; then any move is far, but finite.
    const distance =
      count < MIN_RECENT ? 0 : Math.abs(value - mean) / (deviation + STEP_SHARE * step + Number.MIN_VALUE);
    if (!Number.isNaN(this.#last)) {
      this.#steps += 1;
      this.#stepSum += Math.abs(value - this.#last);
    }
    this.#last = value;
    this.#recent.add(value);
    return Number.isFinite(distance) ? distance : Number.MAX_SAFE_INTEGER;
  }
}

export class Deviation {
  readonly #ofValues = new RecentDistance();
  readonly #ofResiduals = new RecentDistance();
  /** The values of a week, by position; a metric is read at even intervals, gaps aside. */
  readonly #week: Float64Array;
  readonly #perDay: number;
  readonly #onset = new Float64Array(ONSET);
  #seen = 0;
  #record = 0;

  /** @param intervalMs between two values */
  constructor(intervalMs: number) {
    this.#perDay = Math.max(1, Math.round(DAY_MS / intervalMs));
    this.#week = new Float64Array(DAYS * this.#perDay + AROUND + 1);
  }

  /** @returns at least 0; how far the value stands out, 0 while something greater was shortly before */
  add(value: number): number {
    const residual = value - this.#usual();
    const distance = Math.min(this.#ofValues.add(value), this.#ofResiduals.add(Number.isNaN(residual) ? 0 : residual));
    this.#week[this.#seen % this.#week.length] = value;
    this.#seen += 1;
    const score = distance / (1 + RECORD_WEIGHT * this.#record);
    this.#record = Math.max(this.#record * (1 - 1 / RECORD_MEMORY), distance);
    return this.#begins(score) ? score : 0;
  }

  /** The median, over the days before, of what the metric was at this time; NaN on the first day. */
  #usual(): number {
    const means: number[] = [];
    for (let day = 1; day <= DAYS; day += 1) {
      const middle = this.#seen - day * this.#perDay;
      if (middle - AROUND < Math.max(0, this.#seen - this.#week.length)) break;
      let sum = 0;
      for (let i = middle - AROUND; i <= middle + AROUND; i += 1) sum += this.#week[i % this.#week.length]!;
      means.push(sum / (2 * AROUND + 1));
    }
    means.sort((a, b) => a - b);
    return means.length === 0 ? Number.NaN : means[means.length >> 1]!;
  }

  #begins(score: number): boolean {
    let greatest = 0;
    for (const before of this.#onset) if (before > greatest) greatest = before;
    this.#onset[this.#seen % ONSET] = score;
    return score > greatest;
  }
}
