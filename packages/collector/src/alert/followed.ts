/** What the evaluator follows: rolling counters, and which limits they exceed. */
import type { AlertSeverity, ThresholdMetric } from '../model/alert.ts';
import type { RollingSums } from './rolling.ts';
import type { ThresholdBook } from './thresholds.ts';

/** A limit that is exceeded. */
export interface Exceeded {
  server: string;
  /** Empty for cpu and memory, which belong to the whole server. */
  tool: string;
  metric: ThresholdMetric;
  severity: AlertSeverity;
  /** In the unit of the threshold; undefined for response_time, whose p95 only the store knows. */
  value: number | undefined;
}

export abstract class Followed {
  /** What is judged. */
  abstract readonly metrics: readonly ThresholdMetric[];
  /** Whether the span holds nothing. */
  abstract readonly isQuiet: boolean;
  /** The worst severity told of since the condition began, by metric; absent for the many that never exceed anything. */
  #told: Map<ThresholdMetric, AlertSeverity> | undefined;
  #bookVersion = -1;

  constructor(
    readonly server: string,
    readonly tool: string,
    protected readonly sums: RollingSums,
  ) {}

  protected abstract useLimits(book: ThresholdBook): void;
  /** The worst limit that the span exceeds; undefined also when there is too little to judge. */
  protected abstract severity(metric: ThresholdMetric): AlertSeverity | undefined;
  protected abstract value(metric: ThresholdMetric): number | undefined;

  /** Brings the span up to a minute and the limits up to date. */
  prepare(minute: number, book: ThresholdBook): void {
    if (this.#bookVersion !== book.version) {
      this.#bookVersion = book.version;
      this.useLimits(book);
    }
    this.sums.advance(minute);
  }

  /** Appends the limits that are exceeded for the first time, or worse than told before. */
  tellNews(news: Exceeded[]): void {
    for (const metric of this.metrics) {
      const severity = this.severity(metric);
      const before = this.#told?.get(metric);
      if (severity === undefined || severity === before || before === 'critical') continue;
      this.#told ??= new Map();
      this.#told.set(metric, severity);
      news.push({ server: this.server, tool: this.tool, metric, severity, value: this.value(metric) });
    }
  }

  /** Appends everything that is exceeded; what is not has ended. */
  tellAll(exceeded: Exceeded[]): void {
    this.#told = undefined;
    this.tellNews(exceeded);
  }
}
