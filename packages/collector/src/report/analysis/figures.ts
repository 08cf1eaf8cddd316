/** What was measured, server by server and tool by tool. */
import type { CollectorFigures, ServerFigures } from '../../model/analysisDashboard.ts';
import type { OtherSeriesStats, ToolStats } from '../../model/report.ts';
import { code } from '../names.ts';
import { count, inUnit, milliseconds, percent } from '../numbers.ts';
import { type Block, paragraph, table } from '../sections/block.ts';

export function serverBlocks(servers: readonly ServerFigures[]): Block[] {
  const head = [
    'Server',
    'Health',
    'Alerts',
    'Instances',
    'Calls/s',
    'Errors',
    'p50',
    'p95',
    'CPU',
    'Memory',
    'Loop delay',
  ];
  return table(head, servers.map(serverCells), 'No server has reported yet.');
}

function serverCells(server: ServerFigures): string[] {
  const { healthScore, status, activeAlerts, instances, calls, callsPerSecond, resources } = server;
  const times = calls === 0 ? ['', '', ''] : [percent(server.errorRatePercent), ...times95(server)];
  const used =
    resources === null
      ? ['', '', '']
      : [percent(resources.cpuPercent), inUnit(resources.memoryMb, 'MB'), milliseconds(resources.eventLoopDelayMs)];
  return [
    code(server.server),
    `${healthScore} ${status}`,
    ...[activeAlerts, instances].map(count),
    inUnit(callsPerSecond, ''),
    ...times,
    ...used,
  ];
}

function times95({ p50Ms, p95Ms }: { p50Ms: number; p95Ms: number }): string[] {
  return [p50Ms, p95Ms].map(milliseconds);
}

export function toolBlocks(tools: readonly ToolStats[]): Block[] {
  const rows = tools.map(({ tool, server, calls, errorRatePercent, p50Ms, p95Ms, p99Ms, sharePercent }) => [
    ...[code(tool), code(server), count(calls), percent(errorRatePercent)],
    ...[p50Ms, p95Ms, p99Ms].map(milliseconds),
    percent(sharePercent),
  ]);
  return table(
    ['Tool', 'Server', 'Calls', 'Errors', 'p50', 'p95', 'p99', 'Share of time'],
    rows,
    'No tool was called.',
  );
}

export function customBlocks(series: readonly OtherSeriesStats[]): Block[] {
  const rows = series.map(({ name, server, kind, unit, samples, sum, avg, p95, max }) => [
    ...[code(name), code(server), kind, count(samples)],
    ...[sum, avg, p95, max].map((value) => inUnit(value, unit)),
  ]);
  const head = ['Series', 'Server', 'Kind', 'Samples', 'Sum', 'Avg', 'p95', 'Max'];
  return table(head, rows, 'None of them had a sample.');
}

export function collectorBlocks({ databaseMb, freeDiskMb, series, conditions }: CollectorFigures): Block[] {
  const state = conditions.length === 0 ? 'All is well.' : `Not as it should be: ${conditions.join(', ')}.`;
  return [
    paragraph(
      `${state} Database ${inUnit(databaseMb, 'MB')}, ${inUnit(freeDiskMb, 'MB')} of disk free, ${count(series)} series.`,
    ),
  ];
}
