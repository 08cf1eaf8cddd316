/**
 * Totals of this process for Prometheus. They are counted window by window as these are sealed; a scrape also takes what
 * the open window holds, so that no call made before it is missing.
 */
import { type FamilySamples, MetricTotals } from '@mcp-vitals/prometheus';
import type { ResourceSample } from '@mcp-vitals/wire/encode';
import type { BatchContent } from '../batch/batcher.ts';
import type { Clock } from '../clock.ts';

/** All of it is one process. */
const INSTANCE = 'own';

export interface OwnTotalsDeps {
  clock: Pick<Clock, 'nowMs'>;
  /** What was recorded since the last window was sealed, and what is under way. */
  takeRecorded(): BatchContent;
  /** What the process used since the last time; undefined when that cannot be read. */
  resources(): ResourceSample | undefined;
  /** Samples lost since the start, by reason. */
  dropped(): Readonly<Record<string, number>>;
}

export class OwnTotals {
  readonly #deps: OwnTotalsDeps;
  readonly #totals: MetricTotals;
  readonly #shownDropped = new Map<string, number>();
  /** Of the windows since the last scrape. */
  #delays = { sumMs: 0, windows: 0 };

  constructor(deps: OwnTotalsDeps) {
    this.#deps = deps;
    this.#totals = new MetricTotals({ nowMs: () => deps.clock.nowMs() });
  }

  /** A window was sealed. */
  add(content: BatchContent, eventLoopDelayMs: number): void {
    this.#totals.observe({ instance: INSTANCE, ...content, resources: [], dropped: {} });
    this.#delays.sumMs += eventLoopDelayMs;
    this.#delays.windows += 1;
  }

  collect(): FamilySamples[] {
    const content = this.#deps.takeRecorded();
    this.#totals.observe({
      instance: INSTANCE,
      ...content,
      resources: this.#resources(),
      dropped: this.#newlyDropped(),
    });
    return this.#totals.collect();
  }

  #resources(): ResourceSample[] {
    const sample = this.#deps.resources();
    const { sumMs, windows } = this.#delays;
    this.#delays = { sumMs: 0, windows: 0 };
    return sample === undefined ? [] : [{ ...sample, eventLoopDelayMs: windows === 0 ? 0 : sumMs / windows }];
  }

  #newlyDropped(): Record<string, number> {
    const dropped: Record<string, number> = {};
    for (const [reason, total] of Object.entries(this.#deps.dropped())) {
      dropped[reason] = total - (this.#shownDropped.get(reason) ?? 0);
      this.#shownDropped.set(reason, total);
    }
    return dropped;
  }
}
