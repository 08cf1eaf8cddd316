/** Response times and error rates, server by server and tool by tool. */
import type { CallStats, OtherSeriesStats, Report } from '../../model/report.ts';
import { healthOf } from '../health.ts';
import { code, subject } from '../names.ts';
import { count, dateTime, inUnit, milliseconds, percent, span } from '../numbers.ts';
import { type Block, charts, paragraph, table, whereAny } from './block.ts';

const STATS_HEAD = ['Calls', 'Errors', 'Avg', 'p50', 'p95', 'p99', 'Max'] as const;

export function performanceMetrics(report: Report): Block[] {
  const { servers, tools, otherSeries = [] } = report;
  return [
    ...(servers.length === 0 ? [] : [charts('health', 'errors')]),
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
    ...newestErrors(report),
    ...inFlight(report),
  ];
}

function statsCells({ calls, errorRatePercent, avgMs, p50Ms, p95Ms, p99Ms, maxMs }: CallStats): string[] {
  if (calls === 0) return ['0', '', '', '', '', '', ''];
  return [count(calls), percent(errorRatePercent), ...[avgMs, p50Ms, p95Ms, p99Ms, maxMs].map(milliseconds)];
}

function otherSeriesCells(series: OtherSeriesStats): string[] {
  const { server, kind, name, unit, samples, errorRatePercent, sum, avg, p95, max } = series;
  const values = [sum, avg, p95, max].map((value) => inUnit(value, unit));
  return [code(name), code(server), kind, count(samples), percent(errorRatePercent), ...values];
}

function newestErrors({ newestErrors: errors }: Report): Block[] {
  const rows = errors.map(({ atMs, server, tool, errorClass, code: errorCode }) => [
    dateTime(atMs),
    subject(server, tool),
    code(errorClass),
    errorCode === '' ? '' : code(errorCode),
  ]);
  return whereAny('Newest errors:', ['Time (UTC)', 'Subject', 'Error', 'Code'], rows);
}

function inFlight({ inFlight: calls }: Report): Block[] {
  const rows = calls.map((each) => [subject(each.server, each.tool), count(each.calls), span(each.oldestAgeMs)]);
  return whereAny('Calls that had not ended when this report was made:', ['Subject', 'Calls', 'Oldest'], rows);
}
