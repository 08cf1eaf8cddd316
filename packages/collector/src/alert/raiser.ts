/**
 * What a watch has found to hold comes here: the lifecycle decides on it and saves what becomes of it; what is held back is
 * counted, once for each condition.
 */
import type { Clock } from '../clock.ts';
import { type Breach, isWorse } from './breach.ts';
import { isSuppressed, type Subject, type Verdict } from './decide.ts';
import type { AlertLifecycle } from './lifecycle.ts';
import type { Tally } from './tally.ts';

export interface AlertRaiserOptions {
  lifecycle: Pick<AlertLifecycle, 'consider' | 'verdictOn' | 'register'>;
  tally: Pick<Tally, 'add'>;
  clock: Pick<Clock, 'nowMs'>;
}

export class AlertRaiser {
  readonly #options: AlertRaiserOptions;
  /** Conditions that hold and were counted as suppressed: each is counted once, however long it lasts. */
  readonly #counted = new Set<string>();

  constructor(options: AlertRaiserOptions) {
    this.#options = options;
  }

  /** A new alert, an event for the open one, or one more that was held back. */
  async consider(breach: Breach): Promise<void> {
    const { lifecycle, clock } = this.#options;
    this.#count(breach, await lifecycle.consider(breach, clock.nowMs()));
  }

  /** Whether an alert would be held back anyway, so that the breach need not be measured; it is counted then. */
  holdsBack(subject: Subject): boolean {
    const { lifecycle, clock } = this.#options;
    const verdict = lifecycle.verdictOn(subject, clock.nowMs());
    if (!isSuppressed(verdict)) return false;
    this.#count(subject, verdict);
    return true;
  }

  /** A condition whose alert is open, and shows it as at least as bad, says nothing new. */
  isNews({ fingerprint, severity }: Pick<Breach, 'fingerprint' | 'severity'>): boolean {
    const open = this.#options.lifecycle.register.openOf(fingerprint);
    return open === undefined || open.clearedAtMs !== null || isWorse(severity, open.severity);
  }

  /** What holds no longer is counted again when it returns. */
  forgetEnded(holds: (fingerprint: string) => boolean): void {
    for (const fingerprint of this.#counted) if (!holds(fingerprint)) this.#counted.delete(fingerprint);
  }

  #count({ fingerprint, server }: Pick<Breach, 'fingerprint' | 'server'>, verdict: Verdict): void {
    if (!isSuppressed(verdict)) this.#counted.delete(fingerprint);
    else if (!this.#counted.has(fingerprint)) {
      this.#counted.add(fingerprint);
      this.#options.tally.add(server, verdict, this.#options.clock.nowMs());
    }
  }
}
