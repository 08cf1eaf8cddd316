/** Series for which each generated alert fires, and series just below; by the name of the alert. */
import { labelValue } from '@mcp-vitals/prometheus';
import { BURN_WINDOWS, type BurnWindow } from '../../model/burnWindows.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import type { InputSeries } from '../../testing/promtool.ts';
import { COLLECTOR_FAMILIES, fraction, SERVER_FAMILIES } from '../expressions.ts';
import { type Matcher, metric, type Part } from '../promql.ts';
import type { ThresholdInForce } from '../thresholds.ts';
import { annotations } from './annotations.ts';
import { isReachable, objectiveRules } from './objectiveRules.ts';
import type { AlertRule, ObjectiveInForce, RuleSettings } from './rule.ts';
import { thresholdRules } from './thresholdRules.ts';
import { collectorRules, silenceRules, specificationRules } from './watchRules.ts';

const BUCKETS: readonly number[] = SERVER_FAMILIES.toolDuration.buckets ?? [];

/** For how long series are given; alerts are looked at a minute earlier. */
export const MINUTES = 80;

export interface RuleCase {
  name: string;
  rule: AlertRule;
  fires: InputSeries[];
  /** Each of them alone. */
  doesNotFire: Record<string, InputSeries[]>;
  /** For how long series are given, where that is not `MINUTES`. */
  minutes?: number;
}

export const annotate = annotations('http://127.0.0.1:6848', undefined);

type Labels = Record<string, string>;

/** One line that grows by a number each minute. */
export function growing(
  family: Parameters<typeof metric>[0],
  labels: Labels,
  perMinute: number,
  part?: Part,
): InputSeries {
  return { series: lineOf(family, labels, part), values: `0+${perMinute}x${MINUTES}` };
}

export function constant(family: Parameters<typeof metric>[0], labels: Labels, value: number): InputSeries {
  return { series: lineOf(family, labels), values: `${value}x${MINUTES}` };
}

function lineOf(family: Parameters<typeof metric>[0], labels: Labels, part?: Part): string {
  return metric(
    family,
    // The sign for what is no UTF-8 cannot be said in a test; rules match any other in its place as well.
    Object.entries(labels).map(([label, value]): Matcher => [label, '=', value.replaceAll('\ufffd', '?')]),
    part,
  );
}

/** A histogram: calls each minute that take at most `seconds`, and calls that take just more. */
export function histogram(
  family: typeof SERVER_FAMILIES.toolDuration | typeof SERVER_FAMILIES.databaseDuration,
  labels: Labels,
  seconds: number,
  perMinute: { within: number; beyond: number },
): InputSeries[] {
  const all = perMinute.within + perMinute.beyond;
  const bounds = family.buckets ?? [];
  const beyondBound = bounds.find((bound) => bound > seconds);
  const countUpTo = (bound: number) => {
    if (bound < seconds) return 0;
    return beyondBound !== undefined && bound >= beyondBound ? all : perMinute.within;
  };
  return [
    ...bounds.map((bound) => growing(family, { ...labels, le: String(bound) }, countUpTo(bound), 'bucket')),
    growing(family, { ...labels, le: '+Inf' }, all, 'bucket'),
    growing(family, labels, all, 'count'),
  ];
}

/** Calls each minute. */
export function calls(labels: Labels, perMinute: { good: number; bad: number }): InputSeries[] {
  return [
    growing(SERVER_FAMILIES.toolRequests, { ...labels, status: 'success' }, perMinute.good),
    growing(SERVER_FAMILIES.toolRequests, { ...labels, status: 'error' }, perMinute.bad),
  ];
}

export function ruleCases(settings: RuleSettings, job: string): RuleCase[] {
  const enabled = settings.thresholds.filter((threshold) => threshold.enabled);
  const burning = settings.objectives.flatMap((objective) =>
    BURN_WINDOWS.filter((window) => isReachable(objective, window)).map((window) => ({ objective, window })),
  );
  const watches = [
    ...specificationRules(settings, annotate),
    ...silenceRules(job, annotate),
    ...collectorRules(annotate),
  ];
  return [
    ...thresholdRules(settings, annotate).map((rule, i) => thresholdCase(rule, enabled[i]!)),
    ...objectiveRules(settings.objectives, annotate).map((rule, i) =>
      burnCase(rule, burning[i]!.objective, burning[i]!.window),
    ),
    ...watches.map((rule) => watchCase(rule, job)),
  ];
}

function thresholdCase(rule: AlertRule, threshold: ThresholdInForce): RuleCase {
  const { server, tool, metric: measured, severity } = threshold;
  const labels = { server: labelValue(server || 'any server'), tool: labelValue(tool || 'any tool') };
  const name = `${rule.alert} ${severity} of ${JSON.stringify([server, tool])}`;
  switch (measured) {
    case 'response_time':
      return { name, rule, ...responseTimeCase(threshold.threshold / 1000, labels) };
    case 'error_rate': {
      const bad = threshold.threshold * 100;
      return {
        name,
        rule,
        fires: calls(labels, { good: 10_000 - bad - 1, bad: bad + 1 }),
        doesNotFire: {
          'just below': calls(labels, { good: 10_000 - bad + 1, bad: bad - 1 }),
          'too few calls': calls(labels, { good: 0, bad: 1 }),
        },
      };
    }
    case 'cpu':
    case 'memory': {
      const family = measured === 'cpu' ? SERVER_FAMILIES.cpuUsageRatio : SERVER_FAMILIES.memoryUsageRatio;
      const limit = fraction(threshold.threshold);
      const of = (value: number) => [constant(family, { server: labels.server }, value)];
      return { name, rule, fires: of(limit + 0.01), doesNotFire: { 'just below': of(limit - 0.01) } };
    }
  }
}

function responseTimeCase(limitS: number, labels: Labels): Pick<RuleCase, 'fires' | 'doesNotFire'> {
  const { toolDuration, toolDurationQuantiles } = SERVER_FAMILIES;
  const quantileOf = (seconds: number) => constant(toolDurationQuantiles, { ...labels, quantile: '0.95' }, seconds);
  const isBound = BUCKETS.slice(0, -1).includes(limitS);
  const slow = (beyond: number) =>
    isBound
      ? histogram(toolDuration, labels, limitS, { within: 1_000 - beyond, beyond })
      : [quantileOf(limitS + (beyond > 50 ? 0.001 : -0.001))];
  return {
    fires: [...slow(51), ...calls(labels, { good: 1_000, bad: 0 })],
    doesNotFire: {
      'just below': [...slow(49), ...calls(labels, { good: 1_000, bad: 0 })],
      'too few calls': [...slow(51), ...calls(labels, { good: 1, bad: 0 })],
    },
  };
}

function burnCase(rule: AlertRule, objective: ObjectiveInForce, window: BurnWindow): RuleCase {
  const { server, tool, withinMs } = objective;
  const labels = { server: labelValue(server), tool: labelValue(tool || 'any tool') };
  const name = `${rule.alert} ${window.name} of ${JSON.stringify(objective.name)}`;
  const share = window.factor * fraction(100 - objective.objectivePercent);
  const isBound = withinMs !== undefined && BUCKETS.includes(withinMs / 1000);
  if (withinMs !== undefined && !isBound) return { name, rule, ...gaugeBurnCase(objective, window, labels) };
  const burning = (factor: number, badMinutes = MINUTES) => {
    const bad = Math.round(CALLS_PER_MINUTE * share * factor);
    const good = CALLS_PER_MINUTE - bad;
    const series =
      withinMs === undefined
        ? calls(labels, { good, bad })
        : histogram(SERVER_FAMILIES.toolDuration, labels, withinMs / 1000, { within: good, beyond: bad });
    return series.map((line) => endingAfter(badMinutes, line, good));
  };
  return {
    name,
    rule,
    fires: burning(1.01),
    doesNotFire: {
      'just below': burning(0.99),
      // The long window still holds more than it may.
      ...(window.shortMs <= 30 * MINUTE_MS && { 'no longer': burning(3, MINUTES - 38) }),
    },
  };
}

const CALLS_PER_MINUTE = 100_000;

/** From some minute on, only as many calls as were good go on: what counts bad ones too grows less, what counts only them not at all. */
function endingAfter(minutes: number, { series, values }: InputSeries, good: number): InputSeries {
  if (minutes === MINUTES) return { series, values };
  const before = Number(/^0\+(\d+)x/.exec(values)![1]);
  const after = series.includes('status="error"') ? 0 : Math.min(before, good);
  return { series, values: `0+${before}x${minutes} ${before * minutes + after}+${after}x${MINUTES - minutes - 2}` };
}

/** Between two buckets: the collector's figure, and calls that are slower than the bucket below. */
function gaugeBurnCase(
  { name, server, withinMs }: ObjectiveInForce,
  { name: window, factor }: BurnWindow,
  labels: Labels,
): Pick<RuleCase, 'fires' | 'doesNotFire'> {
  const below = BUCKETS.findLast((bound) => bound < withinMs! / 1000);
  const burnRate = (value: number) =>
    constant(
      COLLECTOR_FAMILIES.objectiveBurnRate,
      { server: labelValue(server), objective: labelValue(name), window },
      value,
    );
  const now = (beyond: number) =>
    below === undefined
      ? []
      : histogram(SERVER_FAMILIES.toolDuration, labels, below, { within: 1_000 - beyond, beyond });
  return {
    fires: [burnRate(factor + 0.1), ...now(900)],
    doesNotFire: {
      'just below': [burnRate(factor - 0.1), ...now(900)],
      ...(below !== undefined && { 'no longer': [burnRate(factor + 0.1), ...now(0)] }),
    },
  };
}

function watchCase(rule: AlertRule, job: string): RuleCase {
  const make = WATCHES[rule.alert];
  if (make === undefined) throw new Error(`${rule.alert} has no test`);
  return { name: rule.alert, rule, ...make(job) };
}

const SERVER = { server: 'shop' };

const WATCHES: Record<string, (job: string) => Pick<RuleCase, 'fires' | 'doesNotFire' | 'minutes'>> = {
  LowCacheHitRate() {
    const cache = (hits: number, misses: number) => [
      growing(SERVER_FAMILIES.cacheHits, { ...SERVER, cache: 'pages' }, hits),
      growing(SERVER_FAMILIES.cacheMisses, { ...SERVER, cache: 'pages' }, misses),
    ];
    const onlyMisses = cache(0, 100).slice(1);
    return {
      fires: [...cache(699, 301)],
      doesNotFire: {
        'just below': cache(701, 299),
        'too few look-ups': cache(1, 2),
        'too few look-ups that all miss': onlyMisses.map(({ series }) => ({ series, values: `0+1x${MINUTES}` })),
      },
    };
  },
  SlowDatabaseQueries() {
    const of = (within: number, beyond: number) =>
      histogram(SERVER_FAMILIES.databaseDuration, { ...SERVER, query_type: 'select' }, 0.5, { within, beyond });
    return { fires: of(949, 51), doesNotFire: { 'just below': of(951, 49), 'too few': of(0, 3) } };
  },
  CollectorDown(job) {
    const target = { job, instance: '127.0.0.1:6848' };
    const of = (value: number) => [constant(COLLECTOR_FAMILIES.up, target, value)];
    const ofServer = constant(COLLECTOR_FAMILIES.up, { ...target, ...SERVER }, 0);
    return { fires: of(0), doesNotFire: { up: of(1), 'a server is silent': [...of(1), ofServer] } };
  },
  ServerSilent(job) {
    const { series } = constant(COLLECTOR_FAMILIES.up, { job, instance: 'x', ...SERVER }, 1);
    const target = constant(COLLECTOR_FAMILIES.up, { job, instance: 'x' }, 0);
    const hours = 13;
    return {
      minutes: (hours + 1) * 60,
      fires: [{ series, values: `1x${hours * 60} 0x60` }],
      doesNotFire: {
        'it reports': [{ series, values: `1x${(hours + 1) * 60}` }],
        'it was there for a while only': [{ series, values: `1x${(hours - 2) * 60} 0x${3 * 60}` }],
        'the collector is down': [target],
      },
    };
  },
  ServerGone(job) {
    const known = { job, instance: 'x', ...SERVER };
    const target = (value: number) => constant(COLLECTOR_FAMILIES.up, { job, instance: 'x' }, value);
    const { series } = constant(COLLECTOR_FAMILIES.up, known, 1);
    const gone = { series, values: '1x40' };
    return {
      fires: [target(1), gone],
      doesNotFire: {
        'it is known': [target(1), constant(COLLECTOR_FAMILIES.up, known, 0)],
        'it was silent before': [target(1), { series, values: '0x40' }],
        'the collector is down': [target(0), gone],
      },
    };
  },
  AnomalyFound() {
    const of = (type: string, severity: string, value: number) => [
      constant(COLLECTOR_FAMILIES.anomalies, { ...SERVER, type, severity }, value),
    ];
    return {
      fires: of('response_time_regression', 'warning', 1),
      doesNotFire: {
        none: of('response_time_regression', 'warning', 0),
        'not serious': of('response_time_regression', 'info', 3),
        'another rule tells': of('server_silent', 'critical', 1),
      },
    };
  },
  CollectorAlert() {
    const of = (condition: string, value = 1) => [
      constant(COLLECTOR_FAMILIES.alertFiring, { ...SERVER, tool: 'search', severity: 'warning', condition }, value),
    ];
    return {
      fires: of('quiet: throughput < 1 a minute'),
      doesNotFire: {
        over: of('quiet: throughput < 1 a minute', 0),
        'a threshold tells': of('response_time > 500ms'),
        'the anomaly tells': of('response_time_spike detected'),
        'the objective tells': of('pay works: error budget burns at over 14.4x in 1h'),
        'Alertmanager has told it': of('Alertmanager: "DiskFull" (env="live")'),
      },
    };
  },
};
