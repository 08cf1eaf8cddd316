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
import { type Alert, THRESHOLD_METRICS, type ThresholdMetric } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { DigestMessage } from '../model/notification.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import type { Alerts, ThresholdInput } from '../serve/services.ts';
import type { Item, Store } from '../store/store.ts';
import { type Breach, breachOfAnomaly, fingerprintOf, isWorse } from './breach.ts';
import { type ConditionSource, sourceOf } from './conditions.ts';
import { isSuppressed, type Verdict } from './decide.ts';
import { Evaluator, type NameRule } from './evaluator.ts';
import type { Exceeded } from './followed.ts';
import { AlertLifecycle, type AlertNews, type Outbox } from './lifecycle.ts';
import { isWellBelow, measure } from './measure.ts';
import { isWithinHours } from './muting.ts';
import { objectiveConditions, objectiveStatus } from './objectives.ts';
import { type FailingChannel, ownConditions } from './ownConditions.ts';
import { proposeThresholds } from './proposals.ts';
import { qualityOf } from './quality.ts';
import { ruleConditions } from './rules.ts';
import { SerialQueue } from './serialQueue.ts';
import { Silences } from './silences.ts';
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
    | 'stats'
    | 'readItems'
    | 'saveItems'
    | 'deleteItems'
  >;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Config;
  logger: Pick<Logger, 'warn'>;
  /** The way to the people who are to be told; absent: nobody is. */
  notifier?: AlertNotifier;
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
  const book = new ThresholdBook();
  const evaluator = new Evaluator(book, config.alerts, storedName);
  const tally = new Tally(store);
  const silences = new Silences(store);
  const lifecycle = new AlertLifecycle({
    store,
    config,
    logger,
    outbox: notifier,
    tally,
    silences: (nowMs) => silences.list(nowMs),
  });
  const sources = [
    ruleConditions(config.alerts.rules, store),
    objectiveConditions(config.objectives, store),
    ownConditions(config.alerts, store, () => notifier.failing()),
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

  /** An exceeded limit whose alert is open, and shows it as at least as bad, says nothing new. */
  function isNews(exceeded: Exceeded): boolean {
    const open = register.openOf(fingerprintOfExceeded(exceeded));
    return open === undefined || open.clearedAtMs !== null || isWorse(exceeded.severity, open.severity);
  }

  async function investigate(exceeded: Exceeded): Promise<void> {
    const { server, severity } = exceeded;
    const fingerprint = fingerprintOfExceeded(exceeded);
    // When all tools of a server are slow, the store is not asked about those whose alerts are suppressed anyway.
    const verdict = lifecycle.verdictOn({ fingerprint, server, severity }, clock.nowMs());
    if (isSuppressed(verdict)) return count({ fingerprint, server }, verdict);
    const breach = await measure(exceeded, clock.nowMs(), measuring);
    // Counters and sketches may disagree at the edge; then the alert that is open already is right.
    if (breach && isNews({ ...exceeded, severity: breach.severity })) await consider(breach);
  }

  /** What cannot be saved now is found again by the next tick. */
  function investigateSoon(exceeded: Exceeded): void {
    queue.run(() => investigate(exceeded)).catch((error) => logger.warn({ err: error }, 'an alert could not be saved'));
  }

  const metricOf = ({ fingerprint, server, tool }: Alert): ThresholdMetric | undefined =>
    THRESHOLD_METRICS.find((metric) => fingerprint === fingerprintOf(server, tool, metric));

  /** After a start the counters are empty: what held before is taken to hold until they have seen a whole span. */
  const isWarmingUp = (): boolean => clock.monotonicMs() - startedMs < spanMinutes * MINUTE_MS;

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

  /** Once a minute. A source that cannot answer leaves its alerts as they are. */
  async function askSources(nowMs: number): Promise<void> {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === conditionsMinute) return;
    conditionsMinute = minute;
    const isOpen = (fingerprint: string) => register.openOf(fingerprint)?.clearedAtMs === null;
    for (const source of sources) {
      conditions.delete(source);
      try {
        const breaches = await source.evaluate(nowMs, isOpen);
        for (const breach of breaches) await consider(breach);
        conditions.set(source, new Set(breaches.map(({ fingerprint }) => fingerprint)));
      } catch (error) {
        logger.warn({ err: error, source: source.prefix }, 'conditions could not be looked at');
      }
    }
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
    const exceeded = evaluator.tick(nowMs);
    const holding = new Set(exceeded.map(fingerprintOfExceeded));
    const isHeld = (fingerprint: string) =>
      holding.has(fingerprint) ||
      detected.has(fingerprint) ||
      [...conditions.values()].some((held) => held.has(fingerprint));
    for (const fingerprint of counted) if (!isHeld(fingerprint)) counted.delete(fingerprint);
    for (const each of exceeded) if (isNews(each)) await investigate(each);
    for (const alert of register.open()) {
      const { fingerprint } = alert;
      if (holding.has(fingerprint)) register.put({ ...register.openOf(fingerprint)!, lastBreachAtMs: nowMs });
      else if (alert.clearedAtMs === null && (await isOver(alert)))
        await lifecycle.apply(alert, { kind: 'clear' }, nowMs);
      await lifecycle.apply(register.openOf(fingerprint), { kind: 'time' }, nowMs);
    }
    register.prune(nowMs);
    await silences.prune(nowMs);
    await tellDigest(nowMs);
  }

  return {
    load: () =>
      queue.run(async () => {
        for (const threshold of await store.listThresholds()) book.set(threshold);
        await tally.load();
        await silences.load();
        await lifecycle.load(clock.nowMs());
        startedMs = clock.monotonicMs();
      }),

    observe(batch, skewMs) {
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
      return register
        .open()
        .filter((alert) => alert.status !== 'pending')
        .filter((alert) => severity === undefined || alert.severity === severity)
        .filter((alert) => server === undefined || alert.server === storedName(server))
        .filter((alert) => status === undefined || alert.status === status);
    },

    acknowledge: (alertId, by, notes) =>
      queue.run(async () => {
        const alert = register.openById(alertId);
        if (alert) return (await lifecycle.apply(alert, { kind: 'acknowledge', by, notes }, clock.nowMs()))!;
        if (await store.getAlert(alertId)) throw new VitalsError('conflict', 'The alert is already resolved');
        throw unknownAlert();
      }),

    judge: (alertId, feedback) =>
      queue.run(async () => {
        const alert = register.openById(alertId) ?? (await store.getAlert(alertId));
        if (alert === undefined || alert.status === 'pending') throw unknownAlert();
        return (await lifecycle.apply(alert, { kind: 'judge', feedback }, clock.nowMs()))!;
      }),

    silence: (input) => queue.run(() => silences.add(input, clock.nowMs())),
    silences: async () => silences.list(clock.nowMs()),
    endSilence: (silenceId) => queue.run(() => silences.end(silenceId)),
    objectives: () => Promise.all(config.objectives.map((each) => objectiveStatus(each, store, clock.nowMs()))),
    quality: async (range) => qualityOf(await store.readAlerts({ createdWithin: range })),
    proposals: () => proposeThresholds(store, book, clock.nowMs()),

    onChange: (listener) => lifecycle.onChange(listener),
    suppressed: () => tally.counts(),
    settled: () => queue.settled(),
  };
}

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
