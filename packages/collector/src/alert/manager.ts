/**
 * Alerts from beginning to end. What is found goes one way, whoever finds it:
 *
 *     ingest    observe             thresholdWatch  ┐
 *     detector  raiseFromAnomalies  anomalyWatch    ├─> raiser ─> lifecycle ─> store, listeners, notifier
 *     clock     tick: reconcile     conditionWatch  ┘
 *
 * The raiser counts what is held back; the lifecycle decides, moves an alert through its states, saves it, and tells whoever
 * listens. `reconcile` asks all three watches, and ends what none of them sees any more. What people and Alertmanagers ask
 * and do is in `answers.ts`. All changes pass one queue, so that an alert is never written twice at once and memory
 * follows what the store has accepted.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Anomaly } from '../model/anomaly.ts';
import type { Alerts } from '../serve/ports/alerts.ts';
import { alertAnswers, objectiveAnswers, ruleAnswers, silenceAnswers, thresholdAnswers } from './answers.ts';
import type { AlertNews } from './lifecycle.ts';
import { load, takeOver } from './loading.ts';
import type { AlertManagerOptions } from './managerOptions.ts';
import { createParts } from './parts.ts';
import { reconcile } from './reconcile.ts';

export type { AlertManagerOptions, AlertNotifier } from './managerOptions.ts';

export interface AlertManager extends Alerts {
  /** Takes up where the last process ended. Call once, before anything else. */
  load(): Promise<void>;
  /** Counts a batch that was stored. Cheap and synchronous; alerts follow. */
  observe(batch: Batch, skewMs: number): void;
  /** Takes in what one run of the detector found, the empty result too; `warning` and worse become alerts. */
  raiseFromAnomalies(anomalies: readonly Anomaly[]): Promise<void>;
  /** Raises what still waits, clears, escalates and resolves. Call about every 10 s. */
  tick(): Promise<void>;
  /** Returns what ends it. */
  onChange(listener: (news: AlertNews) => void): () => void;
  /** What was held back since it was last told, by reason. */
  suppressed(): Record<string, number>;
  /** Resolves when everything observed so far has become alerts or not. */
  settled(): Promise<void>;
}

export function createAlertManager(options: AlertManagerOptions): AlertManager {
  const parts = createParts(options);
  const { queue, share, logger, lifecycle, tally, thresholds, anomalies } = parts;

  /** For what nobody waits for: a failure is written down. */
  const runSoon = (job: () => Promise<void>, failure: string): void => {
    queue.run(job).catch((error) => logger.warn({ err: error }, failure));
  };

  share.onChange((changed) => runSoon(() => takeOver(changed, parts), 'what others have changed could not be read'));

  return {
    load: () => queue.run(() => load(parts)),
    observe(batch, skewMs) {
      // What cannot be saved now is found again by the next tick.
      for (const exceeded of thresholds.observe(batch, skewMs))
        runSoon(() => thresholds.investigate(exceeded), 'an alert could not be saved');
    },
    raiseFromAnomalies: (found) => queue.run(() => anomalies.take(found)),
    tick: () => queue.run(() => reconcile(parts)),
    ...alertAnswers(parts),
    ...thresholdAnswers(parts),
    ...silenceAnswers(parts),
    ...objectiveAnswers(parts),
    ...ruleAnswers(parts),
    onChange: (listener) => lifecycle.onChange(listener),
    suppressed: () => tally.counts(),
    settled: () => queue.settled(),
  };
}
