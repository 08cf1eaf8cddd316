/** What the dashboard of a tool shows: the specification's panels, and what else is known of a tool. */
import {
  COLLECTOR_FAMILIES,
  errorRatio,
  increase,
  mean,
  type Question,
  quantile,
  rate,
  SERVER_FAMILIES,
} from '../expressions.ts';
import { type Matcher, metric } from '../promql.ts';
import { type Limit, type PanelSpec, RANGE, RATE_SPAN, type RowSpec, UNITS } from './panelSpec.ts';

const {
  toolRequests,
  toolDuration,
  toolDurationQuantiles,
  toolOtherOutcomes,
  toolInFlight,
  toolWait,
  toolResultSize,
  errors,
  timeouts,
} = SERVER_FAMILIES;

/** @param limits of the response time, in seconds */
export function toolRows(ofTool: readonly Matcher[], limits: readonly Limit[]): RowSpec[] {
  const recent: Question = { matchers: ofTool, span: RATE_SPAN, by: [] };
  const whole: Question = { matchers: ofTool, span: RANGE, by: [] };
  return [
    { title: 'At a Glance', panels: glance(ofTool, whole) },
    { title: 'Requests', panels: requests(recent) },
    { title: 'Response Time', panels: responseTime(ofTool, recent, limits) },
    { title: 'Errors', panels: failures(ofTool, recent, whole) },
    { title: 'Related Metrics', panels: related(ofTool, recent) },
  ];
}

/** The graph of quantiles is of minutes and from the sketch, and may say another figure. */
const P95_OF_RANGE =
  '95 % of the calls within the range shown took no longer; from buckets, so linear within one, and rougher than the graph below.';

function glance(ofTool: readonly Matcher[], whole: Question): PanelSpec[] {
  const stat = (title: string, description: string, unit: string, expr: string, noValue?: string): PanelSpec => ({
    kind: 'stat',
    title,
    description,
    unit,
    width: 4,
    queries: [{ expr }],
    ...(noValue !== undefined && { noValue }),
  });
  return [
    stat('Request Count', 'Calls within the range shown.', UNITS.count, increase(toolRequests, whole)),
    stat('Success Rate', 'Share of these calls that did not fail.', UNITS.share, `1 - ${errorRatio(whole)}`),
    stat('p95', P95_OF_RANGE, UNITS.seconds, quantile(0.95, toolDuration, whole)),
    stat('Time-outs', 'Calls that timed out.', UNITS.count, increase(timeouts, whole), '0'),
    stat('In Flight', 'Calls that have begun and not ended.', UNITS.count, `sum(${metric(toolInFlight, ofTool)})`, '0'),
    stat(
      'Firing Alerts',
      "The collector's alerts of this tool whose condition holds.",
      UNITS.count,
      `sum(${metric(COLLECTOR_FAMILIES.alertFiring, ofTool)})`,
      '0',
    ),
  ];
}

function requests(recent: Question): PanelSpec[] {
  return [
    {
      kind: 'graph',
      title: 'Request Rate',
      description:
        'Calls that ended, per second, by whether they succeeded; and those that are neither success nor error.',
      unit: UNITS.perSecond,
      width: 12,
      stacked: true,
      queries: [
        { expr: rate(toolRequests, { ...recent, by: ['status'] }), legend: '{{status}}' },
        { expr: rate(toolOtherOutcomes, { ...recent, by: ['outcome'] }), legend: '{{outcome}}' },
      ],
    },
    {
      kind: 'graph',
      title: 'Success/Error Rate',
      description: 'Shares of the calls that succeeded and that failed.',
      unit: UNITS.share,
      width: 12,
      max: 1,
      queries: [
        { expr: `1 - ${errorRatio(recent)}`, legend: 'success' },
        { expr: errorRatio(recent), legend: 'error' },
      ],
    },
  ];
}

function responseTime(ofTool: readonly Matcher[], recent: Question, limits: readonly Limit[]): PanelSpec[] {
  return [
    {
      kind: 'graph',
      title: 'Response Time p50, p95, p99',
      description:
        'Over the last minutes, straight from the sketch, so no coarser than what was measured. Dashed: the thresholds in force when this was written.',
      unit: UNITS.seconds,
      width: 12,
      exemplars: true,
      limits,
      queries: [0.5, 0.95, 0.99].map((q) => ({
        expr: `max(${metric(toolDurationQuantiles, [...ofTool, ['quantile', '=', String(q)]])})`,
        legend: `p${q * 100}`,
      })),
    },
    {
      kind: 'heatmap',
      title: 'Response Time Distribution',
      description: 'How many calls took how long; a second band tells of two kinds of calls, which percentiles hide.',
      unit: UNITS.seconds,
      width: 12,
      queries: [{ expr: increase(toolDuration, { ...recent, by: ['le'] }, 'bucket'), legend: '{{le}}' }],
    },
  ];
}

function failures(ofTool: readonly Matcher[], recent: Question, whole: Question): PanelSpec[] {
  return [
    {
      kind: 'table',
      title: 'Recent Errors by Type',
      description: 'Failed calls within the range shown, by class of the error.',
      unit: UNITS.count,
      width: 8,
      columns: { error_type: 'Type' },
      value: 'Calls',
      noValue: 'none',
      queries: [{ expr: `sort_desc(${increase(errors, { ...whole, by: ['error_type'] })} > 0)` }],
    },
    {
      kind: 'graph',
      title: 'Errors/sec',
      description: 'Failed calls per second, by class of the error; and those of them that timed out.',
      unit: UNITS.perSecond,
      width: 8,
      queries: [
        { expr: rate(errors, { ...recent, by: ['error_type'] }), legend: '{{error_type}}' },
        { expr: rate(timeouts, recent), legend: 'timed out' },
      ],
    },
    {
      kind: 'table',
      title: 'Alerts',
      description: "The collector's alerts of this tool whose condition holds now.",
      unit: UNITS.count,
      width: 8,
      columns: { severity: 'Severity', condition: 'Condition' },
      noValue: 'none',
      queries: [
        {
          expr: `max by (severity, condition) (${metric(COLLECTOR_FAMILIES.alertFiring, ofTool)}) == 1`,
        },
      ],
    },
  ];
}

function related(ofTool: readonly Matcher[], recent: Question): PanelSpec[] {
  return [
    {
      kind: 'graph',
      title: 'In Flight',
      description: 'Calls that have begun and not ended. What only grows, hangs.',
      unit: UNITS.count,
      width: 8,
      queries: [{ expr: `sum(${metric(toolInFlight, ofTool)})`, legend: 'in flight' }],
    },
    {
      kind: 'graph',
      title: 'Waiting for the Client',
      description: "Part of a call that was spent waiting for the client's answer, e.g. of a person or a model.",
      unit: UNITS.seconds,
      width: 8,
      queries: [
        { expr: quantile(0.95, toolWait, recent), legend: 'p95' },
        { expr: mean(toolWait, recent), legend: 'mean' },
      ],
    },
    {
      kind: 'graph',
      title: 'Size of Results',
      description: 'Where the server measures it (`resultBytes`).',
      unit: UNITS.bytes,
      width: 8,
      queries: [
        { expr: quantile(0.95, toolResultSize, recent), legend: 'p95' },
        { expr: mean(toolResultSize, recent), legend: 'mean' },
      ],
    },
  ];
}
