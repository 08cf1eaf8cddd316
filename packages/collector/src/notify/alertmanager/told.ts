/**
 * What Alertmanagers were last told: the alerts that hold, and for a while those that have ended, with the time of their end.
 * After a restart nothing is known of what ended meanwhile; that ends there by itself, since nobody tells it again.
 */
import { type Alert, isForeign, type Silence } from '../../model/alert.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import { isSilenced } from '../../model/silence.ts';
import { labelsOf, type PostableAlert, postableOf } from './postable.ts';

/** How long an alert lasts there when nothing more is heard of it: some tellings may be lost. */
const LASTS_MS = 4 * MINUTE_MS;
/** How long the end of an alert is told: longer than an Alertmanager takes to start again. */
const ENDED_MS = 15 * MINUTE_MS;

interface Told {
  alert: Alert;
  /** Null while it holds. */
  endedAtMs: number | null;
}

export class ToldAlerts {
  /** By its labels, which is what it is known by there. */
  readonly #told = new Map<string, Told>();

  /**
   * @param open alerts that are not resolved, of those that this collector looks after
   * @param find an alert as it is now, whoever looks after it
   */
  async update(
    open: readonly Alert[],
    silences: readonly Silence[],
    find: (alertId: string) => Promise<Alert | undefined>,
    nowMs: number,
  ): Promise<void> {
    const holding = new Map(
      open.filter((alert) => isToBeTold(alert, silences, nowMs)).map((alert) => [keyOf(alert), alert]),
    );
    for (const [key, told] of this.#told) {
      if (holding.has(key) || told.endedAtMs !== null) continue;
      const endedAtMs = endOf(key, await find(told.alert.alertId), nowMs);
      if (endedAtMs === undefined) this.#told.delete(key);
      else this.#told.set(key, { ...told, endedAtMs });
    }
    for (const [key, { endedAtMs }] of this.#told) {
      if (endedAtMs !== null && Math.abs(nowMs - endedAtMs) > ENDED_MS) this.#told.delete(key);
    }
    for (const [key, alert] of holding) this.#told.set(key, { alert, endedAtMs: null });
  }

  list(pageUrl: string, nowMs: number): PostableAlert[] {
    return [...this.#told.values()].map(({ alert, endedAtMs }) =>
      postableOf(alert, endedAtMs ?? nowMs + LASTS_MS, pageUrl),
    );
  }
}

/**
 * Alerts whose condition holds, acknowledged ones too: to leave one out would say that it is over. For the same reason a
 * silence holds back only what began under it. What came from an Alertmanager does not go back to one.
 */
function isToBeTold(alert: Alert, silences: readonly Silence[], nowMs: number): boolean {
  if (alert.status === 'pending' || alert.status === 'resolved' || alert.clearedAtMs !== null) return false;
  if (isForeign(alert)) return false;
  return !silences.some((silence) => alert.activeFromMs >= silence.fromMs && isSilenced(alert, silence, nowMs));
}

/** Undefined where it goes on, and another collector looks after it. */
function endOf(key: string, now: Alert | undefined, nowMs: number): number | undefined {
  if (now === undefined) return nowMs;
  const endedAtMs = now.clearedAtMs ?? now.resolvedAtMs;
  if (endedAtMs !== null) return endedAtMs;
  // It became worse: with another severity it is another alert there.
  return keyOf(now) === key ? undefined : nowMs;
}

function keyOf(alert: Alert): string {
  return JSON.stringify(labelsOf(alert));
}
