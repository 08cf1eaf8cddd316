/** A day on one screen: health, the slowest, errors against the day before, anomalies, what to do. */
import type { PreviousPeriod, Report } from '../../model/report.ts';
import { healthOf } from '../health.ts';
import { code } from '../names.ts';
import { count, counted, milliseconds, percent } from '../numbers.ts';
import { type Block, heading, paragraph, table } from './block.ts';
import { changeText } from './change.ts';
import { severities } from './severities.ts';
import { trendSentence } from './trends.ts';

const SLOWEST = 5;
const MAX_SERVERS = 10;
const MAX_RECOMMENDATIONS = 3;

export function dailySummary(report: Report): Block[] {
  const { previous, tools, recommendations = [] } = report;
  return [
    ...(previous === undefined ? [] : [paragraph(againstDayBefore(report, previous))]),
    heading('Health'),
    ...healthTable(report),
    heading('Slowest operations'),
    ...table(
      ['Tool', 'Server', 'p95', 'Calls'],
      tools
        .slice(0, SLOWEST)
        .map(({ tool, server, p95Ms, calls }) => [code(tool), code(server), milliseconds(p95Ms), count(calls)]),
      'No tool was called.',
    ),
    heading('Error rate over the last 7 days'),
    paragraph(errorTrend(report)),
    heading('Anomalies'),
    paragraph(anomalyCounts(report)),
    ...(recommendations.length === 0 ? [] : [heading('First things to do')]),
    ...(recommendations.length === 0
      ? []
      : [{ kind: 'list' as const, items: recommendations.slice(0, MAX_RECOMMENDATIONS) }]),
  ];
}

function againstDayBefore({ overall }: Report, { changes, overall: before }: PreviousPeriod): string {
  const change = (metric: string) => changeText(changes.find((each) => each.metric === metric)!);
  return `${counted(overall.calls, 'call')} (${change('calls')} against the day before), ${percent(overall.errorRatePercent)} errors (${percent(before.errorRatePercent)} the day before), p95 ${milliseconds(overall.p95Ms)} (${change('p95')}).`;
}

/** Servers in the order of their health, worst first. */
function healthTable({ servers, previous }: Report): Block[] {
  const before = new Map(previous?.servers.map((server) => [server.server, server]));
  const rows = servers
    .slice(0, MAX_SERVERS)
    .map(({ server, healthScore, calls, errorRatePercent }) => [
      code(server),
      `${healthScore} ${healthOf(healthScore)}`,
      count(calls),
      percent(errorRatePercent),
      percent(before.get(server)?.errorRateBefore ?? 0),
    ]);
  const rest = servers.length - rows.length;
  return [
    ...table(['Server', 'Health', 'Calls', 'Errors', 'Day before'], rows, 'No server has reported yet.'),
    ...(rest > 0 ? [paragraph(`${counted(rest, 'more server')} with the same health or better.`)] : []),
  ];
}

function errorTrend({ lastingTrends }: Report): string {
  const trend = lastingTrends.trends.find(({ server, metric }) => server === '' && metric === 'error_rate');
  return trend === undefined ? 'There were too few calls to tell.' : trendSentence(trend);
}

function anomalyCounts({ anomalies }: Report): string {
  if (anomalies.length === 0) return 'None were detected.';
  return `${count(anomalies.length)} detected: ${severities(anomalies)}.`;
}
