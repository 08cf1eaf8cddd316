/**
 * Watches the thresholds. Of each batch that was stored, `observe` says which limits are exceeded now and were not before;
 * the manager queues `investigate` for each of them. `exceeded` says on every tick which limits still are, so that what
 * could not be saved the first time is found again.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { type Alert, THRESHOLD_METRICS, type ThresholdMetric } from '../model/alert.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { type Breach, fingerprintOf } from './breach.ts';
import { Evaluator } from './evaluator.ts';
import type { Exceeded } from './followed.ts';
import { isWellBelow, type Measuring, measure } from './measure.ts';
import type { AlertRaiser } from './raiser.ts';
import type { StoreEvaluator } from './storeEvaluator.ts';
import type { ThresholdBook } from './thresholds.ts';

export interface ThresholdWatchOptions {
  evaluator: Evaluator | StoreEvaluator;
  store: Measuring['store'];
  book: ThresholdBook;
  raiser: AlertRaiser;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  settings: Pick<Config['alerts'], 'evaluationMinutes' | 'hysteresisPercent'>;
}

/** A limit that is exceeded, and the fingerprint of its alert. */
export type FoundExceeded = Exceeded & Pick<Breach, 'fingerprint'>;

export class ThresholdWatch {
  readonly #options: ThresholdWatchOptions;
  readonly #measuring: Measuring;
  #startedMs: number;

  constructor(options: ThresholdWatchOptions) {
    const { store, book, clock, settings } = options;
    this.#options = options;
    this.#measuring = { store, book, spanMinutes: settings.evaluationMinutes };
    this.#startedMs = clock.monotonicMs();
  }

  /** The counters count from now on. */
  restart(): void {
    this.#startedMs = this.#options.clock.monotonicMs();
  }

  /** Counts a batch that was stored. Cheap and synchronous. Beside other collectors the store is asked instead, by `exceeded`. */
  observe(batch: Batch, skewMs: number): FoundExceeded[] {
    const { evaluator, clock } = this.#options;
    return evaluator instanceof Evaluator ? evaluator.observe(batch, skewMs, clock.nowMs()).map(found) : [];
  }

  /** Everything that is exceeded. */
  async exceeded(nowMs: number): Promise<FoundExceeded[]> {
    return (await this.#options.evaluator.tick(nowMs)).map(found);
  }

  /** Measures what the counters have found and lets it be decided upon. */
  async investigate(exceeded: FoundExceeded): Promise<void> {
    const { raiser, clock } = this.#options;
    const { fingerprint, server, severity } = exceeded;
    // When all tools of a server are slow, the store is not asked about those whose alerts are suppressed anyway.
    if (raiser.holdsBack({ fingerprint, server, severity })) return;
    const breach = await measure(exceeded, clock.nowMs(), this.#measuring);
    // Counters and sketches may disagree at the edge; then the alert that is open already is right.
    if (breach && raiser.isNews(breach)) await raiser.consider(breach);
  }

  /** The metric whose threshold an alert is of; undefined for alerts of anything else. */
  metricOf({ fingerprint, server, tool }: Alert): ThresholdMetric | undefined {
    return THRESHOLD_METRICS.find((metric) => fingerprint === fingerprintOf(server, tool, metric));
  }

  /** Whether what was not seen to be exceeded just now is over. */
  async isOver({ server, tool }: Alert, metric: ThresholdMetric): Promise<boolean> {
    if (this.#isWarmingUp()) return false;
    const { settings, clock } = this.#options;
    return isWellBelow({ server, tool, metric }, settings.hysteresisPercent, clock.nowMs(), this.#measuring);
  }

  /** After a start the counters are empty: what held before is taken to hold until they have seen a whole span. */
  #isWarmingUp(): boolean {
    const { evaluator, clock, settings } = this.#options;
    const seenMs = clock.monotonicMs() - this.#startedMs;
    return evaluator instanceof Evaluator && seenMs < settings.evaluationMinutes * MINUTE_MS;
  }
}

function found(exceeded: Exceeded): FoundExceeded {
  return { ...exceeded, fingerprint: fingerprintOf(exceeded.server, exceeded.tool, exceeded.metric) };
}
