/**
 * Alerts without a threshold in the collector: the specification's for caches and databases, silence, the collector itself,
 * and what it has found by ways that PromQL has not.
 */
import { COLLECTOR_FAMILIES, increase, SERVER_FAMILIES } from '../expressions.ts';
import { type Matcher, metric } from '../promql.ts';
import type { Annotate } from './annotations.ts';
import { recordedNames } from './recording.ts';
import { type AlertRule, OWN_LABELS, type RuleSettings, SERVER_LABEL, TOOL_LABEL } from './rule.ts';

/** Figures of the specification. */
export const MIN_CACHE_HIT_RATIO = 0.7;
export const MAX_DATABASE_P95_SECONDS = 0.5;

/** Look-ups or queries within the span below which their alerts say nothing. */
export const MIN_OPERATIONS = 20;

/** What the collector exposes of a server has its name; what Prometheus says of a target has none. */
const OF_SERVER: Matcher = ['server', '!=', ''];

/** What other rules judge here as well, and what the collector knows from an Alertmanager. */
const KNOWN_OTHERWISE =
  '(response_time|error_rate|cpu|memory) > .*|.* detected|.*: error budget burns at over .*|Alertmanager: .*';

export function specificationRules(settings: RuleSettings, annotate: Annotate): AlertRule[] {
  const names = recordedNames(settings);
  const { cacheHits, cacheMisses, databaseDuration } = SERVER_FAMILIES;
  const ofCache = { matchers: [], span: names.span, by: ['server', 'cache'] };
  const ofQueries = { matchers: [], span: names.span, by: ['server', 'query_type'] };
  const misses = increase(cacheMisses, ofCache);
  const lookups = `(${increase(cacheHits, ofCache)} or 0 * ${misses}) + ${misses}`;
  return [
    {
      alert: 'LowCacheHitRate',
      expr: `${names.cacheHitRatio} < ${MIN_CACHE_HIT_RATIO}\nand on (server, cache) ${lookups} >= ${MIN_OPERATIONS}`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: annotate('LowCacheHitRate', 'server', {
        summary: `The cache {{ $labels.cache }} of ${SERVER_LABEL} misses often`,
        description: `Of the look-ups in {{ $labels.cache }} of ${SERVER_LABEL}, {{ $value | humanizePercentage }} hit; at least ${MIN_CACHE_HIT_RATIO * 100} % should.`,
      }),
    },
    {
      alert: 'SlowDatabaseQueries',
      expr: `${names.databaseP95} > ${MAX_DATABASE_P95_SECONDS}\nand on (server, query_type) ${increase(databaseDuration, ofQueries, 'count')} >= ${MIN_OPERATIONS}`,
      for: '5m',
      labels: { severity: 'warning' },
      annotations: annotate('SlowDatabaseQueries', 'server', {
        summary: `Database queries of ${SERVER_LABEL} are slow`,
        description: `The p95 of {{ $labels.query_type }} queries of ${SERVER_LABEL} is {{ $value | humanizeDuration }}, above ${MAX_DATABASE_P95_SECONDS * 1000} ms.`,
      }),
    },
  ];
}

/**
 * A server that clients start and end is silent whenever nobody uses it, which is nobody's business: only one that reported
 * for more than half of the last day is missed.
 */
const REPORTED_STEP = '5m';
const MIN_REPORTED_STEPS = (24 * 60) / 5 / 2;

/** @param job of the collector in the scrape configuration */
export function silenceRules(job: string, annotate: Annotate): AlertRule[] {
  const { up } = COLLECTOR_FAMILIES;
  const ofCollector: Matcher[] = [
    ['job', '=', job],
    ['server', '=', ''],
  ];
  const reported = metric(up, [['job', '=', job], OF_SERVER]);
  return [
    {
      alert: 'CollectorDown',
      expr: `${metric(up, ofCollector)} == 0`,
      for: '2m',
      labels: { severity: 'critical' },
      annotations: annotate('CollectorDown', 'none', {
        summary: 'The collector of mcp-vitals cannot be scraped',
        description: '{{ $labels.instance }} does not answer: nothing is known of the servers that it watches.',
      }),
    },
    {
      alert: 'ServerSilent',
      expr: `max by (server) (${reported}) == 0\nand on (server) sum_over_time(max by (server) (${reported})[1d:${REPORTED_STEP}]) > ${MIN_REPORTED_STEPS}`,
      for: '5m',
      labels: { severity: 'warning', ...OWN_LABELS },
      annotations: annotate('ServerSilent', 'server', {
        summary: `${SERVER_LABEL} is silent`,
        description: `No process of ${SERVER_LABEL} has reported for minutes: it has ended, or cannot reach the collector.`,
      }),
    },
    {
      alert: 'ServerGone',
      // One that was silent for a day is no longer shown, and nobody has to be told of it once more.
      // While the collector itself cannot be scraped, all servers are gone, and CollectorDown says why.
      expr: `max by (server) (max_over_time(${reported}[1h])) == 1 unless on (server) ${reported}\nand on () max(${metric(up, ofCollector)}) == 1`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: annotate('ServerGone', 'server', {
        summary: `${SERVER_LABEL} is no longer known to the collector`,
        description: `${SERVER_LABEL} reported within the last hour, and the collector does not know it any more.`,
      }),
    },
  ];
}

/** An alert of a whole server has no tool. */
const SUBJECT = `{{ if $labels.tool }}${TOOL_LABEL} of {{ end }}${SERVER_LABEL}`;

/** Of what the collector alone can see: anomalies, rules of its settings, its own state. */
export function collectorRules(annotate: Annotate): AlertRule[] {
  const { anomalies, alertFiring } = COLLECTOR_FAMILIES;
  const serious: Matcher[] = [
    ['severity', '=~', 'warning|critical'],
    ['type', '!=', 'server_silent'],
  ];
  return [
    {
      alert: 'AnomalyFound',
      expr: `sum by (server, type, severity) (${metric(anomalies, serious)}) > 0`,
      for: '0s',
      labels: { ...OWN_LABELS },
      annotations: annotate('AnomalyFound', 'server', {
        summary: `${SERVER_LABEL} behaves unlike before: {{ $labels.type }}`,
        description: `Anomalies of type {{ $labels.type }} that the collector found on ${SERVER_LABEL} within the last hour: {{ $value }}.`,
      }),
    },
    {
      alert: 'CollectorAlert',
      expr: `max by (server, tool, severity, condition) (${metric(alertFiring, [['condition', '!~', KNOWN_OTHERWISE]])}) == 1`,
      for: '0s',
      labels: { ...OWN_LABELS },
      annotations: annotate('CollectorAlert', 'server', {
        summary: `${SUBJECT}: {{ $labels.condition }}`,
        description: `An alert of the collector fires for ${SUBJECT}: {{ $labels.condition }}.`,
      }),
    },
  ];
}
