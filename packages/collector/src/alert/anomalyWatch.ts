/** Watches what the detector reports: after each of its runs it is told all that was found, the empty result too. */
import type { Clock } from '../clock.ts';
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { type Breach, breachOfAnomaly, isWorse } from './breach.ts';
import type { AlertRaiser } from './raiser.ts';

export interface AnomalyWatchOptions {
  raiser: AlertRaiser;
  clock: Pick<Clock, 'nowMs'>;
  /** How often the detector reports what goes on. */
  detectionIntervalMs: number;
}

export class AnomalyWatch {
  readonly #options: AnomalyWatchOptions;
  /** What the detector said when it last ran. */
  #detected = new Set<string>();

  constructor(options: AnomalyWatchOptions) {
    this.#options = options;
  }

  /** Forgets what was said. */
  restart(): void {
    this.#detected = new Set();
  }

  /** Takes in what one run of the detector found; `warning` and worse is decided upon. */
  async take(anomalies: readonly Anomaly[]): Promise<void> {
    const breaches = worstBreaches(anomalies);
    this.#detected = new Set(breaches.keys());
    for (const breach of breaches.values()) await this.#options.raiser.consider(breach);
  }

  holds(fingerprint: string): boolean {
    return this.#detected.has(fingerprint);
  }

  /** The detector reports minutes once; two runs without a word of an anomaly and it is over. */
  isOver({ lastBreachAtMs }: Alert): boolean {
    const { clock, detectionIntervalMs } = this.#options;
    return Math.abs(clock.nowMs() - lastBreachAtMs) > 2 * detectionIntervalMs;
  }
}

/** One breach per fingerprint, the worst minute of it: a run of the detector is one observation. */
function worstBreaches(anomalies: readonly Anomaly[]): Map<string, Breach> {
  const worst = new Map<string, Breach>();
  for (const anomaly of anomalies) {
    const breach = breachOfAnomaly(anomaly);
    if (breach === undefined) continue;
    const other = worst.get(breach.fingerprint);
    if (other === undefined || isWorse(breach.severity, other.severity)) worst.set(breach.fingerprint, breach);
  }
  return worst;
}
