/** Response time and error rate of one tool over the rolling span. */
import { sketchOf } from '@mcp-vitals/sketch';
import type { Window } from '@mcp-vitals/wire/decode';
import type { AlertSeverity, ThresholdMetric } from '../model/alert.ts';
import { callCount, errorCount } from '../model/rollup.ts';
import { Followed } from './followed.ts';
import { RollingSums } from './rolling.ts';
import { type Limits, severityAbove, type ThresholdBook } from './thresholds.ts';

const METRICS = ['response_time', 'error_rate'] as const;

const CALLS = 0;
const ERRORS = 1;
const SAMPLES = 2;
const ABOVE_WARNING = 3;
const ABOVE_CRITICAL = 4;
const COLUMNS = 5;

export class FollowedTool extends Followed {
  override readonly metrics = METRICS;
  #responseTime: Limits = {};
  #errorRate: Limits = {};
  readonly #minCalls: number;

  constructor(server: string, tool: string, spanMinutes: number, minCalls: number) {
    super(server, tool, new RollingSums(spanMinutes, COLUMNS));
    this.#minCalls = minCalls;
  }

  override get isQuiet(): boolean {
    return this.sums.totals[CALLS] === 0;
  }

  add(window: Window, minute: number): void {
    const { sums } = this;
    sums.add(minute, CALLS, callCount(window));
    sums.add(minute, ERRORS, errorCount(window));
    const durations = sketchOf(window);
    if (durations.count === 0) return;
    sums.add(minute, SAMPLES, durations.count);
    const { warning, critical } = this.#responseTime;
    const slowest = durations.max;
    if (warning !== undefined && slowest > warning) sums.add(minute, ABOVE_WARNING, durations.countAbove(warning));
    if (critical !== undefined && slowest > critical) sums.add(minute, ABOVE_CRITICAL, durations.countAbove(critical));
  }

  /** Samples counted against one limit say nothing about another: with new limits response time starts afresh. */
  protected override useLimits(book: ThresholdBook): void {
    const next = book.limits(this.server, this.tool, 'response_time');
    if (next.warning !== this.#responseTime.warning || next.critical !== this.#responseTime.critical) {
      for (const column of [SAMPLES, ABOVE_WARNING, ABOVE_CRITICAL]) this.sums.resetColumn(column);
    }
    this.#responseTime = next;
    this.#errorRate = book.limits(this.server, this.tool, 'error_rate');
  }

  protected override severity(metric: ThresholdMetric): AlertSeverity | undefined {
    if (metric === 'response_time') return this.#slowness();
    return this.sums.totals[CALLS]! < this.#minCalls ? undefined : severityAbove(this.#errorRate, this.#errorPercent());
  }

  protected override value(metric: ThresholdMetric): number | undefined {
    return metric === 'response_time' ? undefined : this.#errorPercent();
  }

  /** The p95, by nearest rank, is above a limit exactly when more than 1 in 20 samples are. */
  #slowness(): AlertSeverity | undefined {
    const { totals } = this.sums;
    const samples = totals[SAMPLES]!;
    if (samples < this.#minCalls) return undefined;
    if (totals[ABOVE_CRITICAL]! * 20 > samples) return 'critical';
    return totals[ABOVE_WARNING]! * 20 > samples ? 'warning' : undefined;
  }

  #errorPercent(): number {
    return (100 * this.sums.totals[ERRORS]!) / this.sums.totals[CALLS]!;
  }
}
