/** `mcp-vitals optimize`: what would make servers better, done where both sides permit it, looked at and undone. */
import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { STRATEGIES, TARGETS } from '../model/optimization/plan.ts';
import { callTool } from './callTool.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { describePolicies, type PoliciesAnswer } from './optimizeReport.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { toolScopeOf } from './toolScope.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface Flags extends ConfigFlags, WorkspaceFlag {
  server?: string;
  tool?: string;
  strategy: string;
  target: string;
  maxCpu?: number;
  maxMemory?: number;
  apply?: boolean;
  watch: number;
  list?: boolean;
  undo?: string;
  json?: boolean;
}

const TIMEOUT_MS = 60_000;

export function optimizeCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('optimize'))
      .description('plan what would make servers better; apply, list and undo policies')
      .option('--server <name>', 'only this server')
      .option('--tool <name>', 'only this tool of the server')
      .addOption(new Option('--strategy <name>', 'how far to go').choices(STRATEGIES).default('balanced'))
      .addOption(new Option('--target <name>', 'what is to get better').choices(TARGETS).default('latency'))
      .option('--max-cpu <percent>', 'of one core, each process', Number)
      .option('--max-memory <mb>', 'each process', Number)
      .option('--apply', 'apply what the collector and the server permit')
      .option('--watch <seconds>', 'how long a policy is compared with before', Number, 300)
      .option('--list', 'policies in force, and what became of those before')
      .option('--undo <server>', 'give a server back what was before its policy')
      .option('--json', 'as JSON'),
  ).action(async ({ json, ...flags }: Flags) => {
    if (flags.undo !== undefined) await undo(flags.undo, json, flags);
    else if (flags.list) await list(json, flags);
    else await plan(json, flags);
  });
}

async function undo(server: string, json: boolean | undefined, flags: Flags): Promise<void> {
  const policy = await ask(flags, 'POST', '/api/v1/optimizations/undo', { server, by: userInfo().username });
  printAnswer(json, policy, () => `Policy ${String(policy.version)} is undone.`);
}

async function list(json: boolean | undefined, { server, ...flags }: Flags): Promise<void> {
  const query = server === undefined ? '' : `?server=${encodeURIComponent(server)}`;
  const answer = await ask(flags, 'GET', `/api/v1/optimizations${query}`);
  printAnswer(json, answer, () => describePolicies(answer as unknown as PoliciesAnswer, styleOfStdout()));
}

async function plan(json: boolean | undefined, flags: Flags): Promise<void> {
  const { strategy, target, maxCpu, maxMemory, apply, watch } = flags;
  const args = {
    ...toolScopeOf(flags),
    strategy,
    target,
    limits: {
      ...(maxCpu !== undefined && { maxCpuPercent: maxCpu }),
      ...(maxMemory !== undefined && { maxMemoryMb: maxMemory }),
    },
    ...(apply && { autoApply: true, monitoringSeconds: watch }),
  };
  const { structured, text } = await callTool('optimize_resources', args, (...request) => ask(flags, ...request));
  printAnswer(json, structured, () => text);
}

function ask(
  { workspace, ...flags }: ConfigFlags & WorkspaceFlag,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const { dataDir } = configOf(flags).config;
  const scope = method === 'GET' ? 'read' : 'admin';
  return askOwnCollector(dataDir, method, path, { scope, workspace, body, timeoutMs: TIMEOUT_MS });
}
