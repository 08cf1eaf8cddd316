/**
 * The thresholds in force, as alerts: one rule for each that is enabled. Where scopes overlap, the most specific decides,
 * as in the collector (docs/alerts.md): a rule leaves out what a more specific threshold speaks of, enabled or not.
 */
import { MINUTE_MS } from '../../model/rollup.ts';
import { fraction, SERVER_FAMILIES } from '../expressions.ts';
import { duration, type Matcher, metric, selector } from '../promql.ts';
import { matchersOf } from '../subjects.ts';
import { moreSpecific, type ThresholdInForce } from '../thresholds.ts';
import type { Annotate } from './annotations.ts';
import { recordedNames, SERVER_LEVEL, TOOL_LEVEL } from './recording.ts';
import { type AlertRule, OWN_LABELS, type RuleSettings, SERVER_LABEL, TOOL_LABEL } from './rule.ts';

interface Measure {
  alert: string;
  /** The labels that tell apart what is judged. */
  by: readonly string[];
  /** What is compared, of what matches. */
  value(matchers: readonly Matcher[]): string;
  /** The limit in the unit of the value. */
  limit: number;
  /** How the limit reads. */
  limitText: string;
  summary: string;
  /** What is compared, before "is". */
  measured: string;
  format: string;
  /** The value is interpolated within a bucket: on the right side of the limit, and no more. */
  isRough?: boolean;
  /** Says nothing with fewer calls. */
  needsCalls: boolean;
}

/** How long a condition has to hold: the specification's. */
const FOR = '5m';

export function thresholdRules(settings: RuleSettings, annotate: Annotate): AlertRule[] {
  return settings.thresholds
    .filter(({ enabled }) => enabled)
    .map((threshold) => thresholdRule(threshold, settings, annotate));
}

function thresholdRule(threshold: ThresholdInForce, settings: RuleSettings, annotate: Annotate): AlertRule {
  const measure = measureOf(threshold, settings);
  const { alert, by, summary } = measure;
  return {
    alert,
    expr: expressionOf(threshold, measure, settings),
    for: FOR,
    labels: { severity: threshold.severity, threshold: threshold.thresholdId, ...OWN_LABELS },
    annotations: annotate(alert, by === TOOL_LEVEL ? 'tool' : 'server', {
      summary,
      description: describe(measure),
    }),
  };
}

function describe({ measured, format, limitText, isRough = false }: Measure): string {
  return isRough
    ? `${measured} is above ${limitText}; between the bounds of its bucket about ${format}.`
    : `${measured} is ${format}, above ${limitText}.`;
}

function expressionOf(
  threshold: ThresholdInForce,
  { by, value, limit, needsCalls }: Measure,
  settings: RuleSettings,
): string {
  const parts = [`${value(matchersOf(threshold))} > ${limit}`];
  if (needsCalls) {
    const { toolRate } = recordedNames(settings);
    const spanSeconds = settings.evaluationMinutes * 60;
    parts.push(`and on (${by.join(', ')}) ${toolRate} * ${spanSeconds} >= ${settings.minCalls}`);
  }
  const decidedElsewhere = moreSpecific(threshold, settings.thresholds).map((scope) => value(matchersOf(scope)));
  if (decidedElsewhere.length > 0) parts.push(`unless on (${by.join(', ')}) (${decidedElsewhere.join(' or ')})`);
  return parts.join('\n');
}

const ofTool = `${TOOL_LABEL} of ${SERVER_LABEL}`;

function measureOf(threshold: ThresholdInForce, settings: RuleSettings): Measure {
  const names = recordedNames(settings);
  const ratio = fraction(threshold.threshold);
  const inPercent = {
    limit: ratio,
    limitText: `${threshold.threshold} %`,
    format: '{{ $value | humanizePercentage }}',
  };
  switch (threshold.metric) {
    case 'response_time':
      return responseTime(threshold, names);
    case 'error_rate':
      return {
        ...inPercent,
        alert: 'HighErrorRate',
        by: TOOL_LEVEL,
        value: (matchers) => selector(names.toolErrorRatio, matchers),
        summary: `Many calls of ${ofTool} fail`,
        measured: `The share of failed calls of ${ofTool}`,
        needsCalls: true,
      };
    case 'cpu':
      return {
        ...inPercent,
        ...ofServer(SERVER_FAMILIES.cpuUsageRatio, settings),
        alert: 'HighCpuUsage',
        summary: `${SERVER_LABEL} uses much CPU`,
        measured: `The mean use of CPU by ${SERVER_LABEL}, of one core,`,
      };
    case 'memory':
      return {
        ...inPercent,
        ...ofServer(SERVER_FAMILIES.memoryUsageRatio, settings),
        alert: 'HighMemoryUsage',
        summary: `${SERVER_LABEL} uses much memory`,
        measured: `The memory of ${SERVER_LABEL}, as a share of its limit,`,
      };
  }
}

function ofServer(
  family: typeof SERVER_FAMILIES.cpuUsageRatio | typeof SERVER_FAMILIES.memoryUsageRatio,
  settings: RuleSettings,
) {
  const span = duration(settings.evaluationMinutes * MINUTE_MS);
  return {
    by: SERVER_LEVEL,
    value: (matchers: readonly Matcher[]) => `max by (server) (avg_over_time(${metric(family, matchers)}[${span}]))`,
    needsCalls: false,
  };
}

/**
 * From buckets where the limit is the bound of one: then the comparison is exact, however values lie within buckets. Else
 * from the quantile that the collector reads from the sketch. The last bound is no limit for buckets: a quantile beyond it
 * is given as that bound.
 */
function responseTime({ threshold }: ThresholdInForce, names: ReturnType<typeof recordedNames>): Measure {
  const limit = threshold / 1000;
  const isBound = SERVER_FAMILIES.toolDuration.buckets?.slice(0, -1).includes(limit) ?? false;
  const p95: Matcher = ['quantile', '=', '0.95'];
  return {
    alert: 'HighResponseTime',
    by: TOOL_LEVEL,
    limit,
    limitText: `${threshold} ms`,
    value: (matchers) =>
      isBound
        ? selector(names.toolP95, matchers)
        : `max by (server, tool) (${metric(SERVER_FAMILIES.toolDurationQuantiles, [...matchers, p95])})`,
    summary: `${ofTool} is slow`,
    measured: `The p95 of ${ofTool}`,
    format: '{{ $value | humanizeDuration }}',
    isRough: isBound,
    needsCalls: true,
  };
}
