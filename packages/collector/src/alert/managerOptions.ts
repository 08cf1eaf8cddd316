/** What the alert manager is given. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../logger.ts';
import type { DigestMessage } from '../model/notification.ts';
import type { WorkShare } from '../model/workShare.ts';
import type { Item, Store } from '../store/store.ts';
import type { NameRule } from './evaluator.ts';
import type { Outbox } from './lifecycle.ts';
import type { FailingChannel, FailingDestination } from './ownConditions.ts';

export interface AlertManagerOptions {
  store: Pick<
    Store,
    | 'listThresholds'
    | 'saveThreshold'
    | 'deleteThreshold'
    | 'readAlerts'
    | 'getAlert'
    | 'saveAlert'
    | 'deleteAlert'
    | 'nextNumber'
    | 'readRollups'
    | 'readResources'
    | 'listSeries'
    | 'listServers'
    | 'stats'
    | 'readItems'
    | 'saveItems'
    | 'deleteItems'
  >;
  /** Beside other collectors: `store` shows what this one looks after, `everywhere` all there is. */
  shared?: { share: WorkShare; everywhere: AlertManagerOptions['store'] } | undefined;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Config;
  logger: Pick<Logger, 'warn'>;
  /** The way to the people who are to be told; absent: nobody is. */
  notifier?: AlertNotifier;
  /** Where forwarding has failed for long; absent: nowhere. */
  failingDestinations?: () => readonly FailingDestination[];
  /** How often the detector reports what goes on. */
  detectionIntervalMs: number;
  /** How the store writes names that come from outside, so that alerts bear the names that queries answer with. Default: unchanged. */
  storedName?: NameRule;
}

export interface AlertNotifier extends Outbox {
  digestOf(message: DigestMessage): Item[];
  failing(): readonly FailingChannel[];
}
