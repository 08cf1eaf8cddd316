/**
 * A report as seven sections of paragraphs, tables and lists; Markdown and HTML only draw them. All text here is ours
 * but for names, which stand in code spans (see `names.ts`), the one piece of markup that texts may hold.
 */
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type { CallStats, OtherSeriesStats, Report, Target, Trend } from '../model/report.ts';
import { healthOf } from './health.ts';
import { code, subject } from './names.ts';
import { count, counted, dateTime, inUnit, milliseconds, percent, span } from './numbers.ts';

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] };

export interface Section {
  title: string;
  blocks: readonly Block[];
}

/** Rows of a table; a reader who wants all of them asks for JSON. */
const MAX_ROWS = 20;

export function reportTitle({ server, fromMs, toMs }: Report): string {
  const about = server === undefined ? '' : ` of ${code(server)}`;
  return `Performance report${about}, ${dateTime(fromMs)} to ${dateTime(toMs)} UTC`;
}

export function sectionsOf(report: Report): Section[] {
  return [
    { title: 'Executive Summary', blocks: executiveSummary(report) },
    { title: 'Performance Metrics', blocks: performanceMetrics(report) },
    { title: 'Anomalies Detected', blocks: anomalies(report.anomalies) },
    { title: 'Alerts Triggered', blocks: alerts(report.alerts, report.atMs) },
    { title: 'Top Bottlenecks', blocks: bottlenecks(report) },
    { title: 'Recommendations', blocks: recommendations(report.recommendations) },
    { title: 'Trend Analysis', blocks: trends(report.trends) },
  ];
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text });

/** A table, with a line under it when it was cut; or words for a table without rows. */
function table(head: readonly string[], rows: readonly (readonly string[])[], none: string): Block[] {
  if (rows.length === 0) return [paragraph(none)];
  const shown: Block = { kind: 'table', head, rows: rows.slice(0, MAX_ROWS) };
  const rest = rows.length - MAX_ROWS;
  return rest > 0 ? [shown, paragraph(`And ${count(rest)} more; the JSON format has all.`)] : [shown];
}

function executiveSummary(report: Report): Block[] {
  const { overall, targets, anomalies: found, alerts: raised } = report;
  const known = targets.filter(({ met }) => met !== undefined);
  const missed = known.filter(({ met }) => met === false).map(({ name }) => name);
  const verdict =
    overall.calls === 0
      ? 'No calls were recorded in this period.'
      : missed.length === 0
        ? `All ${known.length} targets that can be told were met.`
        : `Missed ${missed.length} of ${known.length} targets: ${missed.join(', ')}.`;
  const figures = `${counted(overall.calls, 'call')} to ${counted(report.tools.length, 'tool')} of ${counted(report.servers.length, 'server')}, ${percent(overall.errorRatePercent)} errors, ${milliseconds(overall.avgMs)} on average; ${found.length} anomalies, ${counted(raised.length, 'alert')}.`;
  return [
    paragraph(verdict),
    ...(overall.calls === 0 ? [] : [paragraph(figures)]),
    ...usedRange(report),
    ...table(['Target', 'Wanted', 'Value', 'Met'], targets.map(targetRow), ''),
  ];
}

function usedRange({ fromMs, toMs, usedFromMs, usedToMs }: Report): Block[] {
  if (fromMs === usedFromMs && toMs === usedToMs) return [];
  return [paragraph(`Times are widened to whole stored spans: ${dateTime(usedFromMs)} to ${dateTime(usedToMs)} UTC.`)];
}

function targetRow({ name, target, value, met }: Target): string[] {
  return [name, target, value, met === undefined ? 'unknown' : met ? 'met' : 'missed'];
}

const STATS_HEAD = ['Calls', 'Errors', 'Avg', 'p50', 'p95', 'p99', 'Max'] as const;

function statsCells({ calls, errorRatePercent, avgMs, p50Ms, p95Ms, p99Ms, maxMs }: CallStats): string[] {
  if (calls === 0) return ['0', '', '', '', '', '', ''];
  return [count(calls), percent(errorRatePercent), ...[avgMs, p50Ms, p95Ms, p99Ms, maxMs].map(milliseconds)];
}

function performanceMetrics({ servers, tools, otherSeries = [], newestErrors, inFlight }: Report): Block[] {
  return [
    ...table(
      ['Server', 'Health', ...STATS_HEAD],
      servers.map((s) => [code(s.server), `${s.healthScore} ${healthOf(s.healthScore)}`, ...statsCells(s)]),
      'No server has reported yet.',
    ),
    ...(tools.length === 0 ? [] : [paragraph('Tools, slowest p95 first:')]),
    ...table(
      ['Tool', 'Server', ...STATS_HEAD],
      tools.map((tool) => [code(tool.tool), code(tool.server), ...statsCells(tool)]),
      'No tool was called.',
    ),
    ...whereAny(
      'Other requests, waiting, sizes and own metrics:',
      ['Series', 'Server', 'Kind', 'Samples', 'Errors', 'Sum', 'Avg', 'p95', 'Max'],
      otherSeries.map(otherSeriesCells),
    ),
    ...whereAny(
      'Newest errors:',
      ['Time (UTC)', 'Subject', 'Error', 'Code'],
      newestErrors.map(({ atMs, server, tool, errorClass, code: errorCode }) => [
        dateTime(atMs),
        subject(server, tool),
        code(errorClass),
        errorCode === '' ? '' : code(errorCode),
      ]),
    ),
    ...whereAny(
      'Calls that had not ended when this report was made:',
      ['Subject', 'Calls', 'Oldest'],
      inFlight.map(({ server, tool, calls, oldestAgeMs }) => [subject(server, tool), count(calls), span(oldestAgeMs)]),
    ),
  ];
}

function otherSeriesCells(series: OtherSeriesStats): string[] {
  const { server, kind, name, unit, samples, errorRatePercent, sum, avg, p95, max } = series;
  const values = [sum, avg, p95, max].map((value) => inUnit(value, unit));
  return [code(name), code(server), kind, count(samples), percent(errorRatePercent), ...values];
}

/** A table with words above it; nothing at all where there are no rows. */
function whereAny(words: string, head: readonly string[], rows: readonly (readonly string[])[]): Block[] {
  return rows.length === 0 ? [] : [paragraph(words), ...table(head, rows, '')];
}

function anomalies(found: readonly Anomaly[]): Block[] {
  const rows = [...found]
    .sort((a, b) => b.atMs - a.atMs)
    .map((anomaly) => [
      dateTime(anomaly.atMs),
      subject(anomaly.server, anomaly.tool),
      anomaly.type.replaceAll('_', ' '),
      anomaly.severity,
      code(String(Number(anomaly.currentValue.toPrecision(4)))),
      code(anomaly.expectedRange),
      anomaly.method,
    ]);
  return table(['Time (UTC)', 'Subject', 'Anomaly', 'Severity', 'Value', 'Expected', 'Method'], rows, 'None.');
}

function alerts(raised: readonly Alert[], nowMs: number): Block[] {
  const rows = raised.map((alert) => [
    alert.alertId,
    dateTime(alert.createdAtMs),
    subject(alert.server, alert.tool),
    alert.severity,
    code(alert.condition),
    code(String(Number(alert.currentValue.toPrecision(4)))),
    alert.status,
    span((alert.clearedAtMs ?? alert.resolvedAtMs ?? nowMs) - alert.createdAtMs),
  ]);
  const head = ['Alert', 'Time (UTC)', 'Subject', 'Severity', 'Condition', 'Value', 'Status', 'Lasted'];
  return table(head, rows, 'None.');
}

function bottlenecks({ bottlenecks: slowest }: Report): Block[] {
  const rows = slowest.map(({ tool, server, calls, avgMs, p95Ms, totalMs, sharePercent }) => [
    code(tool),
    code(server),
    span(totalMs),
    percent(sharePercent),
    count(calls),
    milliseconds(avgMs),
    milliseconds(p95Ms),
  ]);
  const head = ['Tool', 'Server', 'Total time', 'Share', 'Calls', 'Avg', 'p95'];
  return [
    ...(rows.length === 0 ? [] : [paragraph('Where the time went: calls times mean duration.')]),
    ...table(head, rows, 'No tool was called.'),
  ];
}

function recommendations(given: readonly string[] | undefined): Block[] {
  if (given === undefined) return [paragraph('Not asked for.')];
  if (given.length === 0) return [paragraph('Nothing stands out: no recommendation follows from the figures.')];
  return [{ kind: 'list', items: given }];
}

const METRIC: Record<Trend['metric'], [name: string, format: (value: number) => string]> = {
  response_time: ['p95', milliseconds],
  error_rate: ['error rate', percent],
  calls: ['calls', count],
};

function trends(found: readonly Trend[]): Block[] {
  const rows = found.map(({ server, tool, metric, before, after, changePercent, direction }) => {
    const [name, format] = METRIC[metric];
    const change = changePercent === null ? 'new' : `${changePercent > 0 ? '+' : ''}${percent(changePercent)}`;
    return [subject(server, tool), name, format(before), format(after), after === before ? '0 %' : change, direction];
  });
  return [
    ...(rows.length === 0
      ? []
      : [paragraph('First half of the period against the second; of single tools, those that changed.')]),
    ...table(['Subject', 'Metric', 'Before', 'After', 'Change', 'Direction'], rows, 'No calls to compare.'),
  ];
}
