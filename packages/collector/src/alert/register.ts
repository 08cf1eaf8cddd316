/** The alerts that are not resolved, and what de-duplication and the rate limit need to know of those that were. */
import type { Alert } from '../model/alert.ts';
import { HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { isWithin, type Situation, type Subject } from './decide.ts';

export class AlertRegister {
  readonly #open = new Map<string, Alert>();
  readonly #resolvedAtMs = new Map<string, number>();
  readonly #raisedAtMs = new Map<string, number[]>();
  readonly #dedupMs: number;

  constructor(dedupMinutes: number) {
    this.#dedupMs = dedupMinutes * MINUTE_MS;
  }

  clear(): void {
    this.#open.clear();
    this.#resolvedAtMs.clear();
    this.#raisedAtMs.clear();
  }

  /** Newest first. */
  open(): Alert[] {
    return [...this.#open.values()].sort(byNewest);
  }

  openOf(fingerprint: string): Alert | undefined {
    return this.#open.get(fingerprint);
  }

  openById(alertId: string): Alert | undefined {
    for (const alert of this.#open.values()) if (alert.alertId === alertId) return alert;
    return undefined;
  }

  /** Takes in an alert that is new, changed, or read from the store. */
  put(alert: Alert): void {
    if (alert.status === 'resolved') {
      this.#open.delete(alert.fingerprint);
      this.#resolvedAtMs.set(alert.fingerprint, alert.resolvedAtMs!);
    } else {
      this.#open.set(alert.fingerprint, alert);
    }
  }

  /** Forgets one that was dropped. */
  remove({ fingerprint, server, createdAtMs }: Alert): void {
    this.#open.delete(fingerprint);
    const times = this.#raisedAtMs.get(server) ?? [];
    const at = times.indexOf(createdAtMs);
    if (at >= 0) times.splice(at, 1);
  }

  /** Counts towards the hour's limit of a server. */
  noteRaised({ server, createdAtMs }: Alert): void {
    const times = this.#raisedAtMs.get(server);
    if (times) times.push(createdAtMs);
    else this.#raisedAtMs.set(server, [createdAtMs]);
  }

  situationOf({ fingerprint, server }: Subject): Situation {
    return {
      open: this.#open.get(fingerprint),
      resolvedAtMs: this.#resolvedAtMs.get(fingerprint),
      raisedAtMs: this.#raisedAtMs.get(server) ?? [],
      openAlerts: this.#open.size,
    };
  }

  /** Drops what limits nothing any more. */
  prune(nowMs: number): void {
    for (const [fingerprint, atMs] of this.#resolvedAtMs) {
      if (!isWithin(atMs, this.#dedupMs, nowMs)) this.#resolvedAtMs.delete(fingerprint);
    }
    for (const [server, times] of this.#raisedAtMs) {
      const counting = times.filter((atMs) => isWithin(atMs, HOUR_MS, nowMs));
      if (counting.length > 0) this.#raisedAtMs.set(server, counting);
      else this.#raisedAtMs.delete(server);
    }
  }
}

function byNewest(a: Alert, b: Alert): number {
  return b.createdAtMs - a.createdAtMs || (a.alertId < b.alertId ? 1 : -1);
}
