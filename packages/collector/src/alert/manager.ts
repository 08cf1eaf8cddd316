/**
 * Alerts from beginning to end: what the evaluator or the detector finds is measured, decided upon, moved through its
 * states, saved, and told to whoever listens. All changes pass one queue, so that an alert is never written twice at
 * once and memory follows what the store has accepted.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type Alert, isForeign, THRESHOLD_METRICS, type ThresholdMetric } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { DigestMessage } from '../model/notification.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import type { Alerts, ForeignAlert, ReceivedAlerts, ThresholdInput } from '../serve/services.ts';
import type { Item, Store } from '../store/store.ts';
import { type Breach, breachOfAnomaly, fingerprintOf, isWorse } from './breach.ts';
import { type ConditionSource, sourceOf } from './conditions.ts';
import { isSuppressed, type Verdict } from './decide.ts';
import { Evaluator, type NameRule } from './evaluator.ts';
import type { Exceeded } from './followed.ts';
import { ForeignAlerts } from './foreignAlerts.ts';
import { AlertLifecycle, type AlertNews, OPEN, type Outbox } from './lifecycle.ts';
import { isWellBelow, measure } from './measure.ts';
import { isWithinHours } from './muting.ts';
import { ObjectiveBook } from './objectiveBook.ts';
import { objectiveConditions, objectiveStatus } from './objectives.ts';
import { type FailingChannel, type FailingDestination, ownConditions } from './ownConditions.ts';
import { proposeThresholds } from './proposals.ts';
import { qualityOf } from './quality.ts';
import { ruleConditions } from './rules.ts';
import { SerialQueue } from './serialQueue.ts';
import { Silences } from './silences.ts';
import type { AlertEvent } from './state.ts';
import { StoreEvaluator } from './storeEvaluator.ts';
import { Tally } from './tally.ts';
import { ThresholdBook, thresholdIdOf } from './thresholds.ts';

export interface AlertManagerOptions {
  store: Pick<
    Store,
    | 'listThresholds'
    | 'saveThreshold'
    | 'readAlerts'
    | 'getAlert'
    | 'saveAlert'
    | 'deleteAlert'
    | 'nextAlertNumber'
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

const NOBODY: AlertNotifier = { notificationsOf: () => [], digestOf: () => [], deliver: () => {}, failing: () => [] };

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
  const { store, clock, config, logger, notifier = NOBODY, storedName = (name) => name } = options;
  const spanMinutes = config.alerts.evaluationMinutes;
  const { share, everywhere } = options.shared ?? { share: WHOLE_SHARE, everywhere: store };
  const book = new ThresholdBook();
  const evaluator = options.shared
    ? new StoreEvaluator(book, config.alerts, store)
    : new Evaluator(book, config.alerts, storedName);
  const tally = new Tally(store);
  const silences = new Silences(store);
  const objectives = new ObjectiveBook(config.objectives, store);
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
  const foreign = new ForeignAlerts({ store, everywhere, settings: config.alertmanager, storedName });
  const sources: ConditionSource[] = [
    ruleConditions(config.alerts.rules, store),
    objectiveConditions(() => objectives.list(), store),
    ownConditions(config.alerts, store, () => notifier.failing(), options.failingDestinations),
    foreign,
  ];
  /** What the detector said when it last ran. */
  let detected = new Set<string>();
  /** What held when the sources were last asked; undefined where one could not answer. */
  const conditions = new Map<ConditionSource, Set<string>>();
  let conditionsMinute = Number.NaN;
  const { register } = lifecycle;
  const queue = new SerialQueue();
  const measuring = { store, book, spanMinutes };
  /** Conditions that hold and were counted as suppressed: each is counted once, however long it lasts. */
  const counted = new Set<string>();
  let startedMs = clock.monotonicMs();

  async function consider(breach: Breach): Promise<void> {
    count(breach, await lifecycle.consider(breach, clock.nowMs()));
  }

  function count({ fingerprint, server }: Pick<Breach, 'fingerprint' | 'server'>, verdict: Verdict): void {
    if (!isSuppressed(verdict)) counted.delete(fingerprint);
    else if (!counted.has(fingerprint)) {
      counted.add(fingerprint);
      tally.add(server, verdict, clock.nowMs());
    }
  }

  /** A condition whose alert is open, and shows it as at least as bad, says nothing new. */
  function isNews({ fingerprint, severity }: Pick<Breach, 'fingerprint' | 'severity'>): boolean {
    const open = register.openOf(fingerprint);
    return open === undefined || open.clearedAtMs !== null || isWorse(severity, open.severity);
  }

  async function investigate(exceeded: Exceeded): Promise<void> {
    const { server, severity } = exceeded;
    const fingerprint = fingerprintOfExceeded(exceeded);
    // When all tools of a server are slow, the store is not asked about those whose alerts are suppressed anyway.
    const verdict = lifecycle.verdictOn({ fingerprint, server, severity }, clock.nowMs());
    if (isSuppressed(verdict)) return count({ fingerprint, server }, verdict);
    const breach = await measure(exceeded, clock.nowMs(), measuring);
    // Counters and sketches may disagree at the edge; then the alert that is open already is right.
    if (breach && isNews(breach)) await consider(breach);
  }

  /** What cannot be saved now is found again by the next tick. */
  function investigateSoon(exceeded: Exceeded): void {
    queue.run(() => investigate(exceeded)).catch((error) => logger.warn({ err: error }, 'an alert could not be saved'));
  }

  const metricOf = ({ fingerprint, server, tool }: Alert): ThresholdMetric | undefined =>
    THRESHOLD_METRICS.find((metric) => fingerprint === fingerprintOf(server, tool, metric));

  /** After a start the counters are empty: what held before is taken to hold until they have seen a whole span. */
  const isWarmingUp = (): boolean =>
    evaluator instanceof Evaluator && clock.monotonicMs() - startedMs < spanMinutes * MINUTE_MS;

  /** Whether the condition of an alert, which was not seen just now, is over. */
  async function isOver(alert: Alert): Promise<boolean> {
    const metric = metricOf(alert);
    if (metric === undefined) {
      const source = sourceOf(sources, alert.fingerprint);
      if (source === undefined) return isQuietAnomaly(alert);
      return conditions.get(source)?.has(alert.fingerprint) === false;
    }
    if (isWarmingUp()) return false;
    return isWellBelow({ ...alert, metric }, config.alerts.hysteresisPercent, clock.nowMs(), measuring);
  }

  /** The detector reports minutes once; two runs without a word of an anomaly and it is over. */
  const isQuietAnomaly = (alert: Alert): boolean =>
    Math.abs(clock.nowMs() - alert.lastBreachAtMs) > 2 * options.detectionIntervalMs;

  /** Once a minute. */
  async function askSources(nowMs: number): Promise<void> {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === conditionsMinute) return;
    conditionsMinute = minute;
    for (const source of sources) await ask(source, nowMs);
  }

  /** A source that cannot answer leaves its alerts as they are. */
  async function ask(source: ConditionSource, nowMs: number): Promise<void> {
    const isOpen = (fingerprint: string) => register.openOf(fingerprint)?.clearedAtMs === null;
    conditions.delete(source);
    try {
      const breaches = (await source.evaluate(nowMs, isOpen)).filter(({ server }) => share.owns(server));
      for (const breach of breaches) if (!source.tellsOften || isNews(breach)) await consider(breach);
      conditions.set(source, new Set(breaches.map(({ fingerprint }) => fingerprint)));
    } catch (error) {
      logger.warn({ err: error, source: source.prefix }, 'conditions could not be looked at');
    }
  }

  async function endIfOver(alert: Alert, nowMs: number): Promise<void> {
    if (alert.clearedAtMs !== null || !(await isOver(alert))) return;
    const resolvesAtOnce = sourceOf(sources, alert.fingerprint)?.resolvesAtOnce === true;
    await lifecycle.apply(alert, { kind: resolvesAtOnce ? 'end' : 'clear' }, nowMs);
  }

  /** Of servers that another collector looks after, that one learns within a minute. */
  async function receive(told: readonly ForeignAlert[]): Promise<ReceivedAlerts> {
    const nowMs = clock.nowMs();
    const received = await foreign.take(told, nowMs);
    await ask(foreign, nowMs);
    for (const alert of register.open()) if (isForeign(alert)) await endIfOver(alert, nowMs);
    return received;
  }

  /** What was held back is told when enough has come together, and not at night. */
  async function tellDigest(nowMs: number): Promise<void> {
    const digest = tally.due(nowMs, config.notifications.digestMinutes * MINUTE_MS);
    const isQuiet = config.alerts.quietHours.some((hours) => isWithinHours(nowMs, hours));
    if (digest === undefined || isQuiet) return tally.save();
    const items = notifier.digestOf(digest);
    await store.saveItems('notification', items);
    await tally.clear();
    notifier.deliver(items);
  }

  async function reconcile(): Promise<void> {
    const nowMs = clock.nowMs();
    await askSources(nowMs);
    const exceeded = await evaluator.tick(nowMs);
    const holding = new Set(exceeded.map(fingerprintOfExceeded));
    const isHeld = (fingerprint: string) =>
      holding.has(fingerprint) ||
      detected.has(fingerprint) ||
      [...conditions.values()].some((held) => held.has(fingerprint));
    for (const fingerprint of counted) if (!isHeld(fingerprint)) counted.delete(fingerprint);
    for (const each of exceeded) {
      if (isNews({ ...each, fingerprint: fingerprintOfExceeded(each) })) await investigate(each);
    }
    for (const alert of register.open()) {
      const { fingerprint } = alert;
      if (holding.has(fingerprint)) register.put({ ...register.openOf(fingerprint)!, lastBreachAtMs: nowMs });
      else await endIfOver(alert, nowMs);
      await lifecycle.apply(register.openOf(fingerprint), { kind: 'time' }, nowMs);
    }
    register.prune(nowMs);
    await silences.prune(nowMs);
    await tellDigest(nowMs);
  }

  async function load(): Promise<void> {
    for (const threshold of await store.listThresholds()) book.set(threshold);
    await tally.load();
    await silences.load();
    await objectives.load();
    await lifecycle.load(clock.nowMs());
    detected = new Set();
    conditions.clear();
    conditionsMinute = Number.NaN;
    startedMs = clock.monotonicMs();
  }

  /** Takes over what other collectors have changed, or this one's share with all that belongs to it. */
  async function takeOver(changed: ReadonlySet<string>): Promise<void> {
    if (changed.has('shares')) return load();
    if (changed.has('threshold')) for (const threshold of await store.listThresholds()) book.set(threshold);
    if (changed.has('silence')) await silences.load();
    if (changed.has('objective')) await objectives.load();
    if (changed.has('alert')) await lifecycle.refresh();
  }

  share.onChange((changed) => {
    queue
      .run(() => takeOver(changed))
      .catch((error) => logger.warn({ err: error }, 'what others have changed could not be read'));
  });

  /** What a person does to an alert; once more when somebody else was quicker. */
  async function applyTo(alertId: string, event: AlertEvent, isAllowed: (alert: Alert) => void): Promise<Alert> {
    for (let attempt = 1; ; attempt++) {
      const alert = register.openById(alertId) ?? (await everywhere.getAlert(alertId));
      if (alert === undefined || alert.status === 'pending') throw unknownAlert();
      isAllowed(alert);
      try {
        return (await lifecycle.apply(alert, event, clock.nowMs()))!;
      } catch (error) {
        if (!(error instanceof VitalsError) || error.code !== 'conflict' || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  return {
    load: () => queue.run(load),

    observe(batch, skewMs) {
      if (!(evaluator instanceof Evaluator)) return;
      for (const exceeded of evaluator.observe(batch, skewMs, clock.nowMs())) investigateSoon(exceeded);
    },

    raiseFromAnomalies: (anomalies) =>
      queue.run(async () => {
        const breaches = worstBreaches(anomalies);
        detected = new Set(breaches.keys());
        for (const breach of breaches.values()) await consider(breach);
      }),

    tick: () => queue.run(reconcile),

    setThreshold: ({ server, tool, ...rest }: ThresholdInput) =>
      queue.run(async () => {
        const threshold = { server: server ? storedName(server) : '', tool: tool ? storedName(tool) : '', ...rest };
        const saved = { ...threshold, thresholdId: thresholdIdOf(threshold) };
        await store.saveThreshold(saved);
        book.set(saved);
        lifecycle.tell({ kind: 'threshold', threshold: saved });
        return saved;
      }),

    async active({ severity, server, status }) {
      const statuses = status === undefined ? OPEN.filter((each) => each !== 'pending') : [status];
      return everywhere.readAlerts({ statuses, severity, server: server && storedName(server) });
    },

    acknowledge: (alertId, by, notes) =>
      queue.run(() =>
        applyTo(alertId, { kind: 'acknowledge', by, notes }, ({ status }) => {
          if (status === 'resolved') throw new VitalsError('conflict', 'The alert is already resolved');
        }),
      ),

    judge: (alertId, feedback) => queue.run(() => applyTo(alertId, { kind: 'judge', feedback }, () => {})),

    silence: (input) => queue.run(() => silences.add(input, clock.nowMs())),
    silences: () =>
      queue.run(async () => {
        await silences.load();
        return silences.list(clock.nowMs());
      }),
    endSilence: (silenceId) =>
      queue.run(async () => {
        await silences.load();
        await silences.end(silenceId);
      }),
    async objectives() {
      await queue.run(() => objectives.load());
      return Promise.all(
        objectives.list().map(async (each) => ({
          ...(await objectiveStatus(each, everywhere, clock.nowMs())),
          isFixed: objectives.isFixed(each.name),
        })),
      );
    },
    setObjective: (objective) =>
      queue.run(async () => {
        await objectives.load();
        await objectives.set(objective);
      }),
    removeObjective: (name) =>
      queue.run(async () => {
        await objectives.load();
        await objectives.remove(name);
      }),
    receive: (told) => queue.run(() => receive(told)),
    thresholds: () => book.list(),
    quality: async (range) => qualityOf(await everywhere.readAlerts({ createdWithin: range })),
    proposals: () => proposeThresholds(everywhere, book, clock.nowMs()),

    onChange: (listener) => lifecycle.onChange(listener),
    suppressed: () => tally.counts(),
    settled: () => queue.settled(),
  };
}

const MAX_ATTEMPTS = 3;

function unknownAlert(): VitalsError {
  return new VitalsError('not_found', 'There is no alert with this id', {
    hint: 'get_active_alerts lists the alerts that can be acknowledged',
  });
}

function fingerprintOfExceeded({ server, tool, metric }: Exceeded): string {
  return fingerprintOf(server, tool, metric);
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
