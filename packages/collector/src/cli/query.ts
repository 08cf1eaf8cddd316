/** `mcp-vitals query`: the figures of `get_metrics`, as a table for a person or as columns for what comes after a pipe. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { type Command, Option } from 'commander';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { MEASURED_KINDS } from '../model/series.ts';
import { callTool } from './callTool.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { AGGREGATIONS, type Aggregation, describeMetrics, type MetricsAnswer, metricColumns } from './queryReport.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { rangeOf } from './timeRange.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface QueryFlags extends ConfigFlags, WorkspaceFlag {
  server?: string;
  tool?: string;
  last: string;
  from?: string;
  to?: string;
  aggregation: Aggregation;
  groupBy?: 'hour' | 'day';
  kind: SeriesKind;
  json?: boolean;
}

/** Years of many series are read. */
const TIMEOUT_MS = 60_000;

export function queryCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('query'))
      .description('ask for durations or counts of tools, over a time or by hour or day')
      .option('--server <name>', 'only this server')
      .option('--tool <name>', 'only this tool, or what --kind says')
      .option('--last <time>', 'up to now, e.g. 30m, 24h, 7d', '1h')
      .option('--from <time>', 'ISO 8601, instead of --last')
      .option('--to <time>', 'ISO 8601, exclusive; default: now')
      .addOption(new Option('--aggregation <name>', 'what to tell').choices(AGGREGATIONS).default('avg'))
      .addOption(new Option('--group-by <span>', 'one value for each').choices(['hour', 'day']))
      .addOption(new Option('--kind <kind>', 'what was measured').choices(MEASURED_KINDS).default('tool'))
      .option('--json', 'as JSON'),
  ).action(
    async ({ json, server, tool, last, from, to, aggregation, groupBy, kind, workspace, ...flags }: QueryFlags) => {
      const args = {
        ...rangeOf(last, from, to, systemClock.nowMs()),
        ...(server !== undefined && { mcpServer: server }),
        ...(tool !== undefined && { toolName: tool }),
        ...(groupBy !== undefined && { groupBy }),
        aggregation,
        kind,
      };
      const { dataDir } = configOf(flags).config;
      const { structured } = await callTool('get_metrics', args, (method, path, body) =>
        askOwnCollector(dataDir, method, path, { scope: 'read', body, workspace, timeoutMs: TIMEOUT_MS }),
      );
      const answer = structured as unknown as MetricsAnswer;
      const style = styleOfStdout();
      printAnswer(json, answer, () =>
        style.available === undefined
          ? metricColumns(answer, { aggregation, kind })
          : describeMetrics(answer, { aggregation, kind, groupBy }, style),
      );
    },
  );
}
