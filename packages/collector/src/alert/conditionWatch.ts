/**
 * Watches the conditions that are looked at by time: rules, objectives, the collector's own state, and what Alertmanagers have
 * told. The tick asks all their sources once a minute; when an Alertmanager tells something, that source is asked at once.
 */
import type { Logger } from '../logger.ts';
import type { Alert } from '../model/alert.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import type { WorkShare } from '../model/workShare.ts';
import { type ConditionSource, sourceOf } from './conditions.ts';
import type { AlertRaiser } from './raiser.ts';
import type { AlertRegister } from './register.ts';

export interface ConditionWatchOptions {
  sources: readonly ConditionSource[];
  raiser: AlertRaiser;
  register: Pick<AlertRegister, 'openOf'>;
  share: Pick<WorkShare, 'owns'>;
  logger: Pick<Logger, 'warn'>;
}

export class ConditionWatch {
  readonly #options: ConditionWatchOptions;
  /** What held when the sources were last asked; undefined where one could not answer. */
  readonly #held = new Map<ConditionSource, Set<string>>();
  #askedMinute = Number.NaN;

  constructor(options: ConditionWatchOptions) {
    this.#options = options;
  }

  /** Forgets what held; the sources are asked again by the next tick. */
  restart(): void {
    this.#held.clear();
    this.#askedMinute = Number.NaN;
  }

  /** Once a minute, however often it is called. */
  async askAll(nowMs: number): Promise<void> {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.#askedMinute) return;
    this.#askedMinute = minute;
    for (const source of this.#options.sources) await this.ask(source, nowMs);
  }

  /** A source that cannot answer leaves its alerts as they are. */
  async ask(source: ConditionSource, nowMs: number): Promise<void> {
    const { raiser, register, share, logger } = this.#options;
    const isOpen = (fingerprint: string) => register.openOf(fingerprint)?.clearedAtMs === null;
    this.#held.delete(source);
    try {
      const breaches = (await source.evaluate(nowMs, isOpen)).filter(({ server }) => share.owns(server));
      for (const breach of breaches) if (!source.tellsOften || raiser.isNews(breach)) await raiser.consider(breach);
      this.#held.set(source, new Set(breaches.map(({ fingerprint }) => fingerprint)));
    } catch (error) {
      logger.warn({ err: error, source: source.prefix }, 'conditions could not be looked at');
    }
  }

  holds(fingerprint: string): boolean {
    return [...this.#held.values()].some((held) => held.has(fingerprint));
  }

  /** The source that an alert is of; undefined for those of thresholds and anomalies. */
  sourceOf({ fingerprint }: Alert): ConditionSource | undefined {
    return sourceOf(this.#options.sources, fingerprint);
  }

  /** Whether its source has answered, and named it no longer. */
  isOver({ fingerprint }: Alert, source: ConditionSource): boolean {
    return this.#held.get(source)?.has(fingerprint) === false;
  }
}
