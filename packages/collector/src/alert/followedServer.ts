/** CPU and memory of one server over the rolling span: means over the samples of all its processes. */
import type { ResourceSample } from '@mcp-vitals/wire/decode';
import type { AlertSeverity, ThresholdMetric } from '../model/alert.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { Followed } from './followed.ts';
import { RollingSums } from './rolling.ts';
import { type Limits, severityAbove, type ThresholdBook } from './thresholds.ts';

const METRICS = ['cpu', 'memory'] as const;

const CPU_SAMPLES = 0;
const CPU_SUM = 1;
const MEMORY_SAMPLES = 2;
const MEMORY_SUM = 3;
const COLUMNS = 4;

/** A burst is no state: nothing is said before samples reach over this time. */
const MIN_REACH_MS = MINUTE_MS;

export class FollowedServer extends Followed {
  override readonly metrics = METRICS;
  #cpu: Limits = {};
  #memory: Limits = {};
  #oldestMs = Number.POSITIVE_INFINITY;
  #newestMs = Number.NEGATIVE_INFINITY;

  constructor(server: string, spanMinutes: number) {
    super(server, '', new RollingSums(spanMinutes, COLUMNS));
  }

  override get isQuiet(): boolean {
    return this.sums.totals[CPU_SAMPLES] === 0 && this.sums.totals[MEMORY_SAMPLES] === 0;
  }

  /** `atMs` and `minute` are of the collector's clock. */
  add({ cpuPercent, memoryPercent }: ResourceSample, atMs: number, minute: number): void {
    if (this.isQuiet) this.#oldestMs = this.#newestMs = atMs;
    this.#oldestMs = Math.min(this.#oldestMs, atMs);
    this.#newestMs = Math.max(this.#newestMs, atMs);
    this.#count(minute, CPU_SAMPLES, CPU_SUM, cpuPercent);
    this.#count(minute, MEMORY_SAMPLES, MEMORY_SUM, memoryPercent);
  }

  #count(minute: number, samples: number, sum: number, percent: number): void {
    if (!Number.isFinite(percent)) return;
    this.sums.add(minute, samples, 1);
    this.sums.add(minute, sum, percent);
  }

  protected override useLimits(book: ThresholdBook): void {
    this.#cpu = book.limits(this.server, '', 'cpu');
    this.#memory = book.limits(this.server, '', 'memory');
  }

  protected override severity(metric: ThresholdMetric): AlertSeverity | undefined {
    if (this.#newestMs - this.#oldestMs < MIN_REACH_MS) return undefined;
    return severityAbove(metric === 'cpu' ? this.#cpu : this.#memory, this.value(metric));
  }

  /** NaN without samples, which is above no limit. */
  protected override value(metric: ThresholdMetric): number {
    const { totals } = this.sums;
    return metric === 'cpu' ? totals[CPU_SUM]! / totals[CPU_SAMPLES]! : totals[MEMORY_SUM]! / totals[MEMORY_SAMPLES]!;
  }
}
