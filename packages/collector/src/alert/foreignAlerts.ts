/**
 * The alerts that Alertmanagers have told us and that are not over: a source of conditions. They are in the store, so that a
 * restart keeps them and another collector, which looks after the server, sees them. What was told last counts; telling it
 * again changes nothing but the time.
 */
import type { Config } from '../config/schema.ts';
import { FOREIGN_PREFIX, OWN_SOURCE } from '../model/alert.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { qualifiedName, splitName } from '../model/workspace.ts';
import type { ForeignAlert, ReceivedAlerts } from '../serve/ports/alerts.ts';
import type { Item, Store } from '../store/store.ts';
import type { Breach } from './breach.ts';
import type { ConditionSource } from './conditions.ts';
import type { NameRule } from './evaluator.ts';
import {
  breachOfForeign,
  conditionOf,
  type ForeignCondition,
  keyOf,
  severityOf,
  subjectOfLabels,
} from './foreignCondition.ts';

export interface ForeignAlertsOptions {
  /** Of the servers that this collector looks after. */
  store: Pick<Store, 'readItems'>;
  everywhere: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems' | 'listServers'>;
  settings: Pick<Config['alertmanager'], 'forgetHours'>;
  storedName: NameRule;
}

const KIND = 'foreign_alert';
/** More are left out, and counted: whoever can tell of alerts must not be able to fill the store. */
const MAX_CONDITIONS = 1_000;

export class ForeignAlerts implements ConditionSource {
  readonly prefix = FOREIGN_PREFIX;
  readonly resolvesAtOnce = true;
  readonly tellsOften = true;

  constructor(private readonly options: ForeignAlertsOptions) {}

  async evaluate(nowMs: number): Promise<Breach[]> {
    const { store, everywhere } = this.options;
    const items = await store.readItems(KIND);
    const over = items.filter(({ value }) => this.#isOver(value as ForeignCondition, nowMs)).map(({ key }) => key);
    if (over.length > 0) await everywhere.deleteItems(KIND, over);
    return items
      .filter(({ key }) => !over.includes(key))
      .map(({ key, value }) => breachOfForeign(key, value as ForeignCondition));
  }

  /**
   * Takes in what was told; `evaluate` answers with it from then on.
   * @param workspace that all of it is about; undefined: what it says
   */
  async take(told: readonly ForeignAlert[], nowMs: number, workspace?: string): Promise<ReceivedAlerts> {
    const { everywhere } = this.options;
    const known = new Map((await everywhere.readItems(KIND)).map(({ key, value }) => [key, value as ForeignCondition]));
    const servers = new Set((await everywhere.listServers()).map(({ name }) => name));
    const firing = new Map<string, Item>();
    const ended = new Set<string>();
    let ignored = 0;
    for (const alert of told) {
      const key = keyOf(alert.labels, workspace);
      const subject = known.get(key) ?? this.#subjectOf(alert, servers, workspace);
      const item = this.#itemOf(key, alert, subject, nowMs);
      if (item === 'ended') {
        firing.delete(key);
        ended.add(key);
      } else if (item === undefined || (!known.has(key) && known.size + firing.size >= MAX_CONDITIONS)) {
        ignored += 1;
      } else {
        ended.delete(key);
        firing.set(key, item);
      }
    }
    await everywhere.saveItems(KIND, [...firing.values()]);
    await everywhere.deleteItems(
      KIND,
      [...ended].filter((key) => known.has(key)),
    );
    return { firing: firing.size, resolved: ended.size, ignored };
  }

  /** Asked when an alert is told first: it stays what it was when its server becomes known meanwhile. */
  #subjectOf({ labels }: ForeignAlert, servers: ReadonlySet<string>, workspace: string | undefined) {
    const { storedName } = this.options;
    if (workspace === undefined) return subjectOfLabels(labels, servers, storedName);
    const ofWorkspace = (name: string) => storedName(qualifiedName(workspace, splitName(name).name));
    return subjectOfLabels(labels, servers, storedName, ofWorkspace);
  }

  /** Undefined for what is no alert here. */
  #itemOf(
    key: string,
    alert: ForeignAlert,
    { server, tool }: Pick<ForeignCondition, 'server' | 'tool'>,
    nowMs: number,
  ): Item | 'ended' | undefined {
    const severity = severityOf(alert.labels);
    if (severity === undefined || alert.labels.get('source') === OWN_SOURCE) return undefined;
    if (!alert.isFiring || (alert.endsAtMs !== null && alert.endsAtMs <= nowMs)) return 'ended';
    return { key, server, value: conditionOf(alert, severity, { server, tool }, nowMs) };
  }

  /** A time of telling ahead of the clock is from before it was set back. */
  #isOver({ endsAtMs, toldAtMs }: ForeignCondition, nowMs: number): boolean {
    if (endsAtMs !== null && nowMs >= endsAtMs) return true;
    return nowMs - toldAtMs >= this.options.settings.forgetHours * HOUR_MS;
  }
}
