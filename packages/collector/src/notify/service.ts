/**
 * Notifications from the moment that something is worth telling to the moment that the other side has taken it. Each is
 * saved, in the transaction that changed the alert, before it is sent, and forgotten after it was: it goes out at least
 * once, twice only where the process dies in between, and then under the same id.
 */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type Alert, isForeign } from '../model/alert.ts';
import type { Message, Notification } from '../model/notification.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import type { Item, Store } from '../store/store.ts';
import { AlertmanagerFeed } from './alertmanager/feed.ts';
import { createChannel } from './channels/index.ts';
import { FAILING_AFTER, Lane, type LaneStatus, type Outcome } from './lane.ts';
import { channelsOf, checkRoutes, digestChannels } from './routes.ts';
import { Secrets } from './secrets.ts';

export interface NotifierOptions {
  store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems' | 'readAlerts' | 'getAlert'>;
  /** Beside other collectors: `store` hands out what nobody who lives has taken. */
  share?: WorkShare | undefined;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Pick<Config, 'dataDir' | 'environments' | 'notifications' | 'alertmanager'>;
  /** Where people reach the page; for links. */
  pageUrl?: () => string;
  logger: Pick<Logger, 'warn'>;
  /** Of this program. */
  version: string;
  environment?: NodeJS.ProcessEnv;
}

export interface Notifier {
  /** Takes up what the last process did not send. Call once, before anything else. */
  load(): Promise<void>;
  /** What a change of an alert is to be told as: to be saved with the change, then handed to `deliver`. */
  notificationsOf(change: string, alert: Alert): Item[];
  /** The same of what was held back. */
  digestOf(message: Extract<Message, { kind: 'digest' }>): Item[];
  /** Has Alertmanagers told of it, with what else has changed by the next tick. */
  alertsChanged(): void;
  /** Sends what was saved. */
  deliver(items: readonly Item[]): void;
  /** Saves a message for channels and sends it. @param subject the same for the same message: it is told once */
  send(message: Message, channels: readonly string[], subject?: string): Promise<void>;
  /** Tries again what may be tried again. Call every few seconds. */
  tick(): Promise<void>;
  /** Sends a message to see whether a channel works. @throws VitalsError `not_found`, or `unavailable` with the reason */
  test(channel: string): Promise<void>;
  status(): LaneStatus[];
  /** Channels that have failed several times in a row. */
  failing(): LaneStatus[];
  close(): Promise<void>;
}

const KIND = 'notification';

/** Newest notifications that are remembered as done. */
const MAX_DONE = 20_000;

/** @throws VitalsError `invalid` when the settings do not fit together */
export function createNotifier(options: NotifierOptions): Notifier {
  const { store, clock, config, logger, version, environment } = options;
  const share = options.share ?? WHOLE_SHARE;
  const isShared = options.share !== undefined;
  const { dataDir, environments, notifications, alertmanager } = config;
  const routing = { environments, ...notifications };
  checkRoutes(routing);
  const secrets = new Secrets(environment);
  const timeoutMs = notifications.timeoutSeconds * 1000;
  const { pageUrl = () => '' } = options;
  const feed = new AlertmanagerFeed({ store, share, clock, settings: alertmanager, secrets, timeoutMs, pageUrl });
  const context = { dataDir, secrets, timeoutMs, version, nowMs: clock.nowMs };
  const lanes = new Map(
    Object.entries(notifications.channels).map(([name, channel]) => [name, openLane(name, channel)]),
  );

  function openLane(name: string, channel: Config['notifications']['channels'][string]): Lane {
    return new Lane({
      name,
      channel: createChannel(name, channel, context),
      clock,
      timeoutMs,
      keepMs: notifications.keepHours * HOUR_MS,
      onDone: (notification, outcome) => forget(notification, outcome),
    });
  }

  /** Left their lane, newest last; the store may still have some, and is not to hand them out again. */
  const done = new LRUCache<string, true>({ max: MAX_DONE });
  const undeleted = new Set<string>();

  async function forget({ id, channel }: Notification, outcome: Outcome): Promise<void> {
    if (outcome !== 'sent') logger.warn({ notification: id, channel, outcome }, 'a notification was not delivered');
    done.set(id, true);
    undeleted.add(id);
    await deleteDone();
  }

  async function deleteDone(): Promise<void> {
    const ids = [...undeleted];
    if (ids.length === 0) return;
    try {
      await store.deleteItems(KIND, ids);
      for (const id of ids) undeleted.delete(id);
    } catch (error) {
      // Tried again with the next tick; after a restart it would be sent again, under the same id.
      logger.warn({ err: error, notifications: ids.length }, 'notifications could not be forgotten');
    }
  }

  /** What others have left, and what this collector saved without coming to hear of it. */
  async function takeUp(): Promise<Notification[]> {
    const items = await store.readItems(KIND);
    const waiting = items
      .map(({ value }) => value as Notification)
      .filter(({ id }) => !done.has(id))
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
    for (const notification of waiting) lanes.get(notification.channel)?.add(notification);
    return waiting;
  }

  share.onChange((changed) => {
    // What this collector had is taken up by those who took it for dead.
    if (changed.has('rejoined')) for (const lane of lanes.values()) lane.clear();
  });

  function itemsFor(message: Message, channels: readonly string[], subject: string): Item[] {
    return channels.map((channel) => {
      const id = `${subject}-${channel}`;
      return { key: id, value: { id, channel, createdAtMs: clock.nowMs(), message } satisfies Notification };
    });
  }

  function deliver(items: readonly Item[]): void {
    for (const { value } of items) {
      const notification = value as Notification;
      if (!done.has(notification.id)) lanes.get(notification.channel)?.add(notification);
    }
  }

  async function send(
    message: Message,
    channels: readonly string[],
    subject = `${message.kind}-${randomUUID()}`,
  ): Promise<void> {
    const items = itemsFor(message, channels, subject);
    await store.saveItems(KIND, items);
    deliver(items);
  }

  function status(): LaneStatus[] {
    const each = [...Array.from(lanes.values(), (lane) => lane.status), ...feed.status()];
    return each.map((one) => redacted(one, secrets));
  }

  /** @throws VitalsError `not_found` */
  function testOf(name: string): () => Promise<void> {
    const ofFeed = feed.testOf(name);
    if (ofFeed !== undefined) return ofFeed;
    const lane = lanes.get(name);
    if (lane === undefined) {
      const known = status().map((one) => one.name);
      throw new VitalsError('not_found', `There is no channel of this name`, {
        hint: `Configured: ${known.join(', ') || 'none'}.`,
      });
    }
    const nowMs = clock.nowMs();
    const message = { kind: 'test' as const, atMs: nowMs };
    return () => lane.sendNow({ id: `test-${randomUUID()}`, channel: name, createdAtMs: nowMs, message });
  }

  return {
    async load() {
      // A channel that was taken out of the settings is nobody's any more.
      const orphans = (await takeUp()).filter(({ channel }) => !lanes.has(channel));
      await store.deleteItems(
        KIND,
        orphans.map(({ id }) => id),
      );
    },
    notificationsOf(change, alert) {
      if (isForeign(alert) && !alertmanager.notify) return [];
      const message: Message = { kind: 'alert', atMs: clock.nowMs(), change, alert, deploy: alert.deploy };
      return itemsFor(message, channelsOf(message, routing), `${alert.alertId}-${change}-${alert.repeats}`);
    },
    // Two collectors may tell theirs in the same millisecond.
    digestOf: (message) => itemsFor(message, digestChannels(routing), `digest-${message.toMs}-${randomUUID()}`),
    alertsChanged: () => feed.changed(),
    deliver,
    send,
    async tick() {
      if (!share.isLive()) return;
      await deleteDone();
      if (isShared) await takeUp();
      await Promise.all([feed.tick(), ...Array.from(lanes.values(), (lane) => lane.run())]);
    },
    async test(name) {
      const sendTest = testOf(name);
      try {
        await sendTest();
      } catch (error) {
        const reason = secrets.redact(error instanceof Error ? error.message : String(error));
        throw new VitalsError('unavailable', `The channel "${name}" failed: ${reason}`);
      }
    },
    status,
    failing: () => status().filter(({ failures }) => failures >= FAILING_AFTER),
    async close() {
      feed.close();
      await Promise.all(Array.from(lanes.values(), (lane) => lane.close()));
    },
  };
}

function redacted(status: LaneStatus, secrets: Secrets): LaneStatus {
  return status.error === undefined ? status : { ...status, error: secrets.redact(status.error) };
}
