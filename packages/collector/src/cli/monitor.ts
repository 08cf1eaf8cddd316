/** `mcp-vitals monitor`: watches live, with the newest figures on a line; Ctrl-C ends it with what it has. */
import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { MONITOR_METRICS, type MonitorMetric } from '../model/monitor.ts';
import { callLive } from './callLive.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { describeMonitor, type MonitorAnswer } from './monitorReport.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface MonitorFlags extends ConfigFlags, WorkspaceFlag {
  server?: string;
  tool?: string;
  metrics?: MonitorMetric[];
  duration: number;
  interval: number;
  threshold: Partial<Record<MonitorMetric, number>>;
  history?: boolean;
  format: 'table' | 'csv' | 'dashboard';
  out?: string;
  json?: boolean;
}

export function monitorCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('monitor'))
      .description('watch the system, a server or a tool live for a while')
      .option('--server <name>', 'this server, and the processes that run it')
      .option('--tool <name>', 'only this tool')
      .option('--metrics <list>', `some of ${MONITOR_METRICS.join(', ')}, with commas between`, metricsOf)
      .option('--duration <seconds>', 'how long', secondsOf, 60)
      .option('--interval <seconds>', 'between two samples', secondsOf, 1)
      .option('--threshold <metric=value...>', 'tell when a metric is beyond it', thresholdOf, {})
      .option('--history', 'with what was usual in the last 24 hours')
      .addOption(new Option('--format <form>').choices(['table', 'csv', 'dashboard']).default('table'))
      .option('--out <file>', 'write it there instead of to stdout')
      .option('--json', 'as JSON'),
  ).action(async (flags: MonitorFlags) => {
    const { dataDir } = configOf(flags).config;
    const who = { client: 'monitor', scope: 'read', workspace: flags.workspace } as const;
    const { structured, text } = await callLive(dataDir, 'monitor_performance', argumentsOf(flags), who);
    const answer = structured as unknown as MonitorAnswer;
    const document = flags.format === 'table' ? undefined : text;
    if (flags.out !== undefined) writeFileSync(flags.out, document ?? `${JSON.stringify(answer, null, 2)}\n`);
    else printAnswer(flags.json, answer, () => document?.trimEnd() ?? describeMonitor(answer, styleOfStdout()));
  });
}

function argumentsOf({ server, tool, metrics, duration, interval, threshold, history, format }: MonitorFlags): object {
  return {
    ...(server !== undefined && { mcpServer: server }),
    ...(tool !== undefined && { toolName: tool }),
    ...(metrics !== undefined && { metrics }),
    ...(history && { includeHistorical: true }),
    durationSeconds: duration,
    intervalSeconds: interval,
    thresholds: threshold,
    format: format === 'table' ? 'json' : format,
  };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds <= 0)
    throw new InvalidArgumentError('not a number of seconds');
  return seconds;
}

function metricsOf(text: string): MonitorMetric[] {
  return text.split(',').map((name) => metricOf(name.trim()));
}

function thresholdOf(text: string, before: MonitorFlags['threshold']): MonitorFlags['threshold'] {
  const [name, value] = text.split('=');
  if (value === undefined || value.trim() === '' || !Number.isFinite(Number(value))) {
    throw new InvalidArgumentError('e.g. execution_time=500');
  }
  return { ...before, [metricOf(name!)]: Number(value) };
}

function metricOf(name: string): MonitorMetric {
  const metric = MONITOR_METRICS.find((known) => known === name);
  if (metric === undefined) throw new InvalidArgumentError(`one of ${MONITOR_METRICS.join(', ')}`);
  return metric;
}
