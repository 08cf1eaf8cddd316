/** `mcp-vitals gate`: whether a release may go on. Exits with 1 when the second side is worse than the first. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import type { Compared, Comparison, ToolComparison } from '../model/comparison.ts';
import { significant } from '../model/significant.ts';
import { visibleText } from '../model/visibleText.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { printAnswer } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

const TIMEOUT_MS = 60_000;
const MAX_NAME = 40;

interface GateFlags extends ConfigFlags, WorkspaceFlag {
  from: string;
  to: string;
  server?: string;
  minutes: string;
  json?: boolean;
}

export function gateCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('gate'))
      .description('compare two environments, or two versions of a server; exit with 1 on a regression')
      .requiredOption('--from <name>', 'environment or version to compare with')
      .requiredOption('--to <name>', 'environment or version that must not be worse')
      .option('--server <name>', 'compare versions of this server')
      .option('--minutes <number>', 'newest minutes of each side to look at', '60')
      .option('--json', 'as JSON'),
  ).action(async ({ from, to, server, minutes, json, workspace, ...flags }: GateFlags) => {
    const query = new URLSearchParams({ from, to, minutes, ...(server !== undefined && { server }) });
    const { dataDir } = configOf(flags).config;
    const options = { scope: 'read', workspace, timeoutMs: TIMEOUT_MS } as const;
    const answer = await askOwnCollector(dataDir, 'GET', `/api/v1/comparison?${query}`, options);
    const comparison = answer as unknown as Comparison;
    printAnswer(json, comparison, () => describeComparison(comparison));
    if (comparison.isWorse) process.exitCode = 1;
  });
}

export function describeComparison({ from, to, tools, isWorse }: Comparison): string {
  if (tools.length === 0)
    return `No tool was called both in ${shown(from)} and in ${shown(to)}: there is nothing to compare.`;
  const isUnknown = tools.every(({ p50Ms }) => p50Ms.verdict === 'unknown');
  const verdict = isWorse ? 'worse' : isUnknown ? 'too few calls to tell' : 'not worse';
  return [...tools.map(describeTool), '', `${shown(to)} against ${shown(from)}: ${verdict}`].join('\n');
}

function describeTool({ tool, calls, p50Ms, p95Ms, errorPercent }: ToolComparison): string {
  const parts = [part('p50', p50Ms, 'ms'), part('p95', p95Ms, 'ms'), part('errors', errorPercent, '%')];
  return `${shown(tool)}: ${calls[0]} and ${calls[1]} calls; ${parts.join('; ')}`;
}

function part(name: string, { from, to, verdict }: Compared, unit: string): string {
  const value = (each: number | null) => (each === null ? '-' : significant(each));
  const word = verdict === 'same' || verdict === 'unknown' ? '' : ` ${verdict.toUpperCase()}`;
  return `${name} ${value(from)} -> ${value(to)} ${unit}${word}`;
}

function shown(text: string): string {
  return visibleText(text, MAX_NAME);
}
