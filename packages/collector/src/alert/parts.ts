/** The parts of the alert manager, each given what it needs. What they do together is in `manager.ts`. */
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import { AnomalyWatch } from './anomalyWatch.ts';
import { ConditionWatch } from './conditionWatch.ts';
import { Evaluator, type NameRule } from './evaluator.ts';
import { ForeignAlerts } from './foreignAlerts.ts';
import { AlertLifecycle } from './lifecycle.ts';
import type { AlertManagerOptions, AlertNotifier } from './managerOptions.ts';
import { ObjectiveBook } from './objectiveBook.ts';
import { objectiveConditions } from './objectives.ts';
import { ownConditions } from './ownConditions.ts';
import { AlertRaiser } from './raiser.ts';
import { RuleBook } from './ruleBook.ts';
import { ruleConditions } from './rules.ts';
import { SerialQueue } from './serialQueue.ts';
import { Silences } from './silences.ts';
import { StoreEvaluator } from './storeEvaluator.ts';
import { Tally } from './tally.ts';
import { ThresholdBook } from './thresholds.ts';
import { ThresholdWatch } from './thresholdWatch.ts';

export interface AlertParts extends Pick<AlertManagerOptions, 'store' | 'clock' | 'config' | 'logger'> {
  share: WorkShare;
  /** Of all servers, whoever looks after them; `store` is of those that this collector looks after. */
  everywhere: AlertManagerOptions['store'];
  storedName: NameRule;
  notifier: AlertNotifier;
  /** All changes pass it. */
  queue: SerialQueue;
  book: ThresholdBook;
  tally: Tally;
  silences: Silences;
  objectives: ObjectiveBook;
  rules: RuleBook;
  lifecycle: AlertLifecycle;
  foreign: ForeignAlerts;
  thresholds: ThresholdWatch;
  anomalies: AnomalyWatch;
  conditions: ConditionWatch;
  raiser: AlertRaiser;
}

const NOBODY: AlertNotifier = { notificationsOf: () => [], digestOf: () => [], deliver: () => {}, failing: () => [] };

export function createParts(options: AlertManagerOptions): AlertParts {
  const { store, clock, config, logger, notifier = NOBODY, storedName = (name) => name } = options;
  const { share, everywhere } = options.shared ?? { share: WHOLE_SHARE, everywhere: store };
  const book = new ThresholdBook();
  const tally = new Tally(store);
  const silences = new Silences(store);
  const objectives = new ObjectiveBook(config.objectives, store);
  const rules = new RuleBook({ store, config });
  const foreign = new ForeignAlerts({ store, everywhere, settings: config.alertmanager, storedName });
  const lifecycle = new AlertLifecycle({
    store,
    everywhere,
    share,
    config,
    logger,
    outbox: notifier,
    tally,
    silences: (nowMs) => silences.list(nowMs),
  });
  const raiser = new AlertRaiser({ lifecycle, tally, clock });
  const evaluator = options.shared
    ? new StoreEvaluator(book, config.alerts, store)
    : new Evaluator(book, config.alerts, storedName);
  const sources = [
    ruleConditions(() => rules.list(), store),
    objectiveConditions(() => objectives.list(), store),
    ownConditions(config.alerts, store, () => notifier.failing(), options.failingDestinations),
    foreign,
  ];
  return {
    store,
    everywhere,
    share,
    clock,
    config,
    logger,
    notifier,
    storedName,
    queue: new SerialQueue(),
    book,
    tally,
    silences,
    objectives,
    rules,
    lifecycle,
    foreign,
    thresholds: new ThresholdWatch({ evaluator, store, book, raiser, clock, settings: config.alerts }),
    anomalies: new AnomalyWatch({ raiser, clock, detectionIntervalMs: options.detectionIntervalMs }),
    conditions: new ConditionWatch({ sources, raiser, register: lifecycle.register, share, logger }),
    raiser,
  };
}
