/** `mcp-vitals trends`: where things are going, and when they reach a limit. */
import { type Command, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { VitalsError } from '../errors.ts';
import { TREND_METRICS, TREND_PERIODS } from '../model/trends.ts';
import { callTool } from './callTool.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { reportFormatOf } from './reportFormat.ts';
import { save } from './save.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { describeTrends, type TrendsAnswer } from './trendsReport.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

/** A year of many servers is read and analysed. */
const TIMEOUT_MS = 120_000;

interface TrendsFlags extends ConfigFlags, WorkspaceFlag {
  server?: string;
  tool?: string;
  period: string;
  metrics?: string;
  horizon: string;
  limit?: string;
  report?: string;
  json?: boolean;
}

export function trendsCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('trends'))
      .description('say where times, errors, load and resources are going, and when they reach a limit')
      .option('--server <name>', 'only this server')
      .option('--tool <name>', 'only this tool of it')
      .addOption(new Option('--period <period>', 'what to look at').choices(TREND_PERIODS).default('month'))
      .option('--metrics <names>', `with commas between: ${TREND_METRICS.join(', ')}`)
      .option('--horizon <days>', 'how far to look ahead, 1 to 365; 0 for no forecast', '30')
      .option('--limit <value>', 'of the first metric, in its unit; default: the threshold in force')
      .option('--report <file>', 'write all of it there: .md, .html or .json')
      .option('--json', 'as JSON'),
  ).action(
    async ({ json, report, server, tool, period, metrics, horizon, limit, workspace, ...flags }: TrendsFlags) => {
      const days = numberOf('--horizon', horizon);
      const args = {
        period,
        predictions: days > 0,
        ...(days > 0 && { horizonDays: days }),
        ...(server !== undefined && { mcpServer: server }),
        ...(tool !== undefined && { toolName: tool }),
        ...(metrics !== undefined && { metrics: metrics.split(',').map((name) => name.trim()) }),
        ...(limit !== undefined && { limit: numberOf('--limit', limit) }),
        ...(report !== undefined && { report: reportFormatOf(report) }),
      };
      const { dataDir } = configOf(flags).config;
      const { structured } = await callTool('analyze_performance_trends', args, (method, path, body) =>
        askOwnCollector(dataDir, method, path, { scope: 'read', workspace, body, timeoutMs: TIMEOUT_MS }),
      );
      const { report: document, ...answer } = structured as unknown as TrendsAnswer;
      if (report !== undefined) return save(report, document!);
      printAnswer(json, answer, () => describeTrends(answer, styleOfStdout()));
    },
  );
}

/** @throws VitalsError `invalid` */
function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new VitalsError('invalid', `${flag} ${text}: not a number`);
  return value;
}
