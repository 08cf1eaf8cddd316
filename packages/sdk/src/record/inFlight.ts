/**
 * The calls that have started and not ended. A slot per call in flat arrays, so that starting and ending a call
 * allocates nothing; the oldest one per series is found by a scan, which only happens when a batch is sealed.
 */
import type { Series } from '../window/series.ts';

/** Calls of one series in flight. */
export interface SeriesInFlight {
  series: Series;
  count: number;
  oldestAgeMs: number;
}

const INITIAL_SLOTS = 64;

export class InFlightTable {
  #startedMs = new Float64Array(INITIAL_SLOTS);
  readonly #series: (Series | undefined)[] = [];
  readonly #free: number[] = [];

  /** Takes a slot for a call of `series`; the slot identifies the call until `end`. */
  start(series: Series, startedMs: number): number {
    const slot = this.#free.pop() ?? this.#series.length;
    if (slot === this.#startedMs.length) this.#grow();
    this.#startedMs[slot] = startedMs;
    this.#series[slot] = series;
    return slot;
  }

  seriesOf(slot: number): Series {
    return this.#series[slot]!;
  }

  startedMs(slot: number): number {
    return this.#startedMs[slot]!;
  }

  /** Gives the slot back. */
  end(slot: number): void {
    this.#series[slot] = undefined;
    this.#free.push(slot);
  }

  /** Calls in flight per series, at the monotonic time `nowMs`. */
  snapshot(nowMs: number): SeriesInFlight[] {
    const bySeries = new Map<Series, SeriesInFlight>();
    this.#series.forEach((series, slot) => {
      if (series === undefined) return;
      const entry = bySeries.get(series) ?? { series, count: 0, oldestAgeMs: 0 };
      entry.count += 1;
      entry.oldestAgeMs = Math.max(entry.oldestAgeMs, nowMs - this.#startedMs[slot]!);
      bySeries.set(series, entry);
    });
    return [...bySeries.values()];
  }

  #grow(): void {
    const larger = new Float64Array(this.#startedMs.length * 2);
    larger.set(this.#startedMs);
    this.#startedMs = larger;
  }
}
