/**
 * Moves alerts through their states: decides whether a condition becomes one, applies events, saves, tells listeners.
 * Memory changes only after the store accepted the change. Its callers take turns, see `manager.ts`.
 */
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type Alert, type AlertStatus, isForeign, type Silence, type Threshold } from '../model/alert.ts';
import type { WorkShare } from '../model/workShare.ts';
import type { Item, Store } from '../store/store.ts';
import type { Breach } from './breach.ts';
import { decide, type Subject, type Verdict } from './decide.ts';
import { mutedBecause } from './muting.ts';
import { AlertRegister } from './register.ts';
import { type AlertChange, type AlertEvent, transition } from './state.ts';
import type { Tally } from './tally.ts';

/** What a listener is told, after it was saved. */
export type AlertNews =
  | { kind: 'alert'; change: AlertChange; alert: Alert }
  | { kind: 'threshold'; threshold: Threshold };

/** The way to the people who are to be told; implemented by the notifier. */
export interface Outbox {
  /** What a change is to be told as; it is saved with the change, and delivered after that. */
  notificationsOf(change: AlertChange, alert: Alert): Item[];
  deliver(items: readonly Item[]): void;
}

/** What has not come to its end. */
export const OPEN: readonly AlertStatus[] = ['pending', 'active', 'acknowledged', 'escalated'];

export interface LifecycleOptions {
  /** Of the alerts that this collector looks after. */
  store: Pick<Store, 'readAlerts' | 'saveAlert' | 'deleteAlert' | 'nextNumber'>;
  /** For what people do to alerts that others look after. */
  everywhere: Pick<Store, 'saveAlert'>;
  share: Pick<WorkShare, 'owns'>;
  config: Pick<Config, 'alerts' | 'limits'>;
  logger: Pick<Logger, 'warn'>;
  outbox: Outbox;
  tally: Tally;
  silences(nowMs: number): readonly Silence[];
}

export class AlertLifecycle {
  readonly register: AlertRegister;
  readonly #store: LifecycleOptions['store'];
  readonly #settings: Config['alerts'] & { alertsPerServerPerHour: number };
  readonly #logger: LifecycleOptions['logger'];
  readonly #options: LifecycleOptions;
  readonly #listeners = new Set<(news: AlertNews) => void>();

  constructor(options: LifecycleOptions) {
    const { store, config, logger } = options;
    this.#options = options;
    this.#store = store;
    this.#settings = { ...config.alerts, alertsPerServerPerHour: config.limits.alertsPerServerPerHour };
    this.#logger = logger;
    this.register = new AlertRegister(config.alerts.dedupMinutes);
  }

  async load(nowMs: number): Promise<void> {
    const alerts = await this.#store.readAlerts({});
    this.register.clear();
    // Times may be out of order where the clock went back: an alert that is open counts whenever it was created.
    const resolved = alerts.filter((alert) => alert.status === 'resolved');
    const open = alerts.filter((alert) => alert.status !== 'resolved');
    for (const alert of [...resolved.sort((a, b) => a.resolvedAtMs! - b.resolvedAtMs!), ...open]) {
      this.register.put(alert);
      if (!isForeign(alert)) this.register.noteRaised(alert);
    }
    this.register.prune(nowMs);
  }

  verdictOn(subject: Subject, nowMs: number): Verdict {
    return decide(subject, this.register.situationOf(subject), nowMs, this.#settings);
  }

  /** Decides on a condition that holds: a new alert, an event for the open one, or neither. */
  async consider(breach: Breach, nowMs: number): Promise<Verdict> {
    const verdict = this.verdictOn(breach, nowMs);
    if (verdict === 'raise') {
      const alert = await this.apply(undefined, { kind: 'raise', alertId: await this.#nextId(nowMs), breach }, nowMs);
      if (!breach.isUnlimited) this.register.noteRaised(alert!);
    } else {
      await this.apply(this.register.openOf(breach.fingerprint), { kind: 'hold', breach }, nowMs);
    }
    return verdict;
  }

  /** Saves what the event changes; returns the alert as it is then. */
  async apply(alert: Alert | undefined, event: AlertEvent, nowMs: number): Promise<Alert | undefined> {
    const next = transition(alert, event, nowMs, this.#settings);
    if (next.changes.length === 0) return next.alert;
    if (next.alert === undefined) {
      await this.#store.deleteAlert(alert!.alertId);
      this.register.remove(alert!);
      return undefined;
    }
    const changed = { ...next.alert, revision: next.alert.revision + 1 };
    const { alert: told, notifications } = this.#notify(changed, next.changes, nowMs);
    await this.#save(told, notifications);
    this.#options.outbox.deliver(notifications);
    for (const change of next.changes) this.tell({ kind: 'alert', change, alert: told });
    return told;
  }

  /** What somebody else has changed meanwhile is what counts; the next look at the condition goes on from there. */
  async #save(alert: Alert, notifications: readonly Item[]): Promise<void> {
    const { everywhere, share } = this.#options;
    const isOwn = share.owns(alert.server);
    try {
      await (isOwn ? this.#store : everywhere).saveAlert(alert, notifications);
    } catch (error) {
      if (error instanceof VitalsError && error.code === 'conflict') await this.refresh();
      throw error;
    }
    if (isOwn) this.register.put(alert);
  }

  /** Takes over what others have done to alerts that are open. */
  async refresh(): Promise<void> {
    for (const alert of await this.#store.readAlerts({ statuses: OPEN })) {
      const known = this.register.openOf(alert.fingerprint);
      if (known === undefined || alert.revision > known.revision) this.register.put(alert);
    }
  }

  /** What people are to be told of, unless something speaks against it; that is counted then. */
  #notify(alert: Alert, changes: readonly AlertChange[], nowMs: number): { alert: Alert; notifications: Item[] } {
    const { outbox, tally, silences } = this.#options;
    const { quietHours, dependencies } = this.#settings;
    const muting = { silences: silences(nowMs), quietHours, dependencies, open: this.register.open() };
    const notifications: Item[] = [];
    for (const change of changes) {
      const items = outbox.notificationsOf(change, alert);
      if (items.length === 0) continue;
      const reason = mutedBecause(change, alert, muting, nowMs);
      if (reason === undefined) notifications.push(...items);
      else if (reason !== 'acknowledged' && reason !== 'untold') tally.add(alert.server, reason, nowMs);
    }
    return { alert: { ...alert, isTold: alert.isTold || notifications.length > 0 }, notifications };
  }

  onChange(listener: (news: AlertNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A listener that throws hurts neither the alert nor the other listeners. */
  tell(news: AlertNews): void {
    for (const listener of this.#listeners) {
      try {
        listener(news);
      } catch (error) {
        this.#logger.warn({ err: error }, 'a listener to alerts failed');
      }
    }
  }

  /** `alert-YYYYMMDD-NNN`, numbered by UTC day. */
  async #nextId(nowMs: number): Promise<string> {
    const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '');
    return `alert-${day}-${String(await this.#store.nextNumber(day)).padStart(3, '0')}`;
  }
}
