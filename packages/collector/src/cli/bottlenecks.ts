/** `mcp-vitals bottlenecks`: what makes servers slow, as the tool `analyze_bottlenecks` tells it. */
import { type Command, Option } from 'commander';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { BOTTLENECK_SEVERITIES, BOTTLENECK_TYPES, type BottleneckSeverity } from '../model/bottleneck.ts';
import { type BottlenecksAnswer, describeBottlenecks } from './bottlenecksReport.ts';
import { callTool } from './callTool.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { reportFormatOf } from './reportFormat.ts';
import { save } from './save.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { rangeOf } from './timeRange.ts';
import { toolScopeOf } from './toolScope.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface BottlenecksFlags extends ConfigFlags, WorkspaceFlag {
  server?: string;
  tool?: string;
  last: string;
  from?: string;
  to?: string;
  type?: string[];
  threshold: BottleneckSeverity;
  report?: string;
  json?: boolean;
}

/** A week of many servers. */
const TIMEOUT_MS = 180_000;

export function bottlenecksCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('bottlenecks'))
      .description('what makes servers slow: causes, evidence, and what to do')
      .option('--server <name>', 'only this server')
      .option('--tool <name>', 'only what is about this tool')
      .option('--last <time>', 'up to now, e.g. 30m, 24h, 7d', '1h')
      .option('--from <time>', 'ISO 8601, instead of --last')
      .option('--to <time>', 'ISO 8601, exclusive; default: now')
      .addOption(new Option('--type <types...>', 'only causes of these').choices(BOTTLENECK_TYPES))
      .addOption(
        new Option('--threshold <severity>', 'the least to tell').choices(BOTTLENECK_SEVERITIES).default('medium'),
      )
      .option('--report <file>', 'write it there: .md, .html or .json')
      .option('--json', 'as JSON'),
  ).action(run);
}

async function run(options: BottlenecksFlags): Promise<void> {
  const { json, server: _, tool: __, last, from, to, type, threshold, report, workspace, ...flags } = options;
  const args = {
    ...toolScopeOf(options),
    ...rangeOf(last, from, to, systemClock.nowMs()),
    timeRange: 'custom',
    severityThreshold: threshold,
    ...(type !== undefined && { types: type }),
    ...(report !== undefined && { report: reportFormatOf(report) }),
  };
  const { dataDir } = configOf(flags).config;
  const { structured } = await callTool('analyze_bottlenecks', args, (method, path, body) =>
    askOwnCollector(dataDir, method, path, { scope: 'read', workspace, body, timeoutMs: TIMEOUT_MS }),
  );
  const { report: document, ...answer } = structured as unknown as BottlenecksAnswer;
  if (report !== undefined) return save(report, document!);
  printAnswer(json, answer, () => describeBottlenecks(answer, threshold, styleOfStdout()));
}
