/** `mcp-vitals cost`: what calls cost, and what could be saved. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { type CostAnswer, describeCost } from './costReport.ts';
import { minutesOf } from './span.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface CostFlags extends ConfigFlags, WorkspaceFlag {
  server?: string;
  last: string;
  json?: boolean;
}

/** Months of many servers are read. */
const TIMEOUT_MS = 60_000;

export function costCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('cost'))
      .description('what calls cost: time, processor and tokens, the dearest first, and what could be saved')
      .option('--server <name>', 'only this server')
      .option('--last <span>', 'up to now, e.g. 90m, 24h, 7d', '24h')
      .option('--json', 'as JSON'),
  ).action(async ({ json, server, last, workspace, ...flags }: CostFlags) => {
    const query = new URLSearchParams({
      minutes: String(minutesOf('--last', last)),
      ...(server !== undefined && { server }),
    });
    const { dataDir } = configOf(flags).config;
    const path = `/api/v1/analysis/cost?${query}`;
    const answer = await askOwnCollector(dataDir, 'GET', path, { scope: 'read', workspace, timeoutMs: TIMEOUT_MS });
    printAnswer(json, answer, () => describeCost(answer as unknown as CostAnswer, styleOfStdout()));
  });
}
