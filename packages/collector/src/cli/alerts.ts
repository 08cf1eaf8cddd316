/** `mcp-vitals alerts`: what a person does with alerts besides reading them: silence, judge, and see what would fit better. */
import { userInfo } from 'node:os';
import { type Command, type CommandOptions, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import type { AlertQuality, ObjectiveStatus, Threshold, ThresholdProposal } from '../model/alert.ts';
import { describeRules, describeThresholds, type PresentedRule } from './alertRulesReport.ts';
import { allAlerts, describeAlerts } from './alertsList.ts';
import {
  describeObjectives,
  describeProposals,
  describeQuality,
  describeSilences,
  type PresentedSilence,
} from './alertsReport.ts';
import { callTool } from './callTool.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

type Flags = ConfigFlags & WorkspaceFlag & { json?: boolean };

export function alertsCommand(program: Command): void {
  const alerts = program
    .command('alerts')
    .description('list, acknowledge, silence and judge alerts, and what raises them');
  const add = (usage: string, description: string, options?: CommandOptions) =>
    withConfigOptions(
      withWorkspaceOption(alerts.command(usage, options).description(description).option('--json', 'as JSON')),
    );
  addList(add);
  addAcknowledge(add);
  addSilencing(add);
  addJudging(add);
  addRules(add);
}

type Add = (usage: string, description: string, options?: CommandOptions) => Command;

function addList(add: Add): void {
  add('list', 'what needs somebody, newest first', { isDefault: true })
    .addOption(new Option('--status <status>', 'which of them').choices(STATUSES).default('unresolved'))
    .addOption(new Option('--severity <severity>', 'only these').choices(['warning', 'critical']))
    .option('--server <name>', 'only those of a server')
    .action(async ({ json, status, severity, server, ...flags }: Flags & Record<Filter, string | undefined>) => {
      const entries = Object.entries({ status, severity, server }).filter(([, value]) => value !== undefined);
      const query = Object.fromEntries(entries) as Record<string, string>;
      const answer = await allAlerts(query, (path) => ask(flags, 'GET', path));
      printAnswer(json, answer, () => describeAlerts(answer, styleOfStdout()));
    });
}

type Filter = 'status' | 'severity' | 'server';
const STATUSES = ['unresolved', 'all', 'active', 'acknowledged', 'escalated', 'resolved'];

function addAcknowledge(add: Add): void {
  add('acknowledge <alert>', 'say that you are on it; nothing more is sent of it')
    .option('--notes <text>', 'for the others')
    .action(async (alertId: string, { notes, json, ...flags }: Flags & { notes?: string }) => {
      const args = { alertId, acknowledgedBy: userInfo().username, ...(notes !== undefined && { notes }) };
      const { structured, text } = await callTool('acknowledge_alert', args, (...request) => ask(flags, ...request));
      printAnswer(json, structured, () => text);
    });
}

function addSilencing(add: Add): void {
  add('silence <server> [tool]', 'send nothing of a server or a tool for a while; * stands for anything')
    .requiredOption('--minutes <number>', 'how long', Number)
    .option('--reason <text>', 'why, for whoever finds it', '')
    .action(async (server: string, tool: string | undefined, options: Flags & { minutes: number; reason: string }) => {
      const { minutes, reason, json, ...flags } = options;
      const body = { server, ...(tool !== undefined && { tool }), minutes, reason, by: userInfo().username };
      const silence = await ask(flags, 'POST', '/api/v1/silences', body);
      printAnswer(json, silence, () => describeSilences([silence as unknown as PresentedSilence]));
    });
  add('silences', 'list the silences in force').action(async ({ json, ...flags }: Flags) => {
    const answer = await ask(flags, 'GET', '/api/v1/silences');
    printAnswer(json, answer, () => describeSilences(answer.silences as PresentedSilence[]));
  });
  add('unsilence <silence>', 'end a silence now').action(async (silenceId: string, { json, ...flags }: Flags) => {
    const answer = await ask(flags, 'DELETE', `/api/v1/silences/${encodeURIComponent(silenceId)}`);
    printAnswer(json, answer, () => 'Ended.');
  });
}

function addJudging(add: Add): void {
  add('mark <alert> <useful|false>', 'say whether an alert was worth it').action(
    async (alertId: string, feedback: string, { json, ...flags }: Flags) => {
      const answer = await ask(flags, 'POST', `/api/v1/alerts/${encodeURIComponent(alertId)}/feedback`, { feedback });
      printAnswer(json, answer, () => `Noted: ${feedback}.`);
    },
  );
  add('quality', 'false-alarm rate and time to the end, of the last 30 days').action(
    async ({ json, ...flags }: Flags) => {
      const answer = await ask(flags, 'GET', '/api/v1/alert-quality');
      printAnswer(json, answer, () => describeQuality(answer as unknown as AlertQuality & { days: number }));
    },
  );
  add('propose', 'propose thresholds from the last week; nothing is set').action(async ({ json, ...flags }: Flags) => {
    const answer = await ask(flags, 'GET', '/api/v1/threshold-proposals', undefined, PROPOSALS_TIMEOUT_MS);
    printAnswer(json, answer, () => describeProposals(answer.proposals as ThresholdProposal[]));
  });
  add('objectives', 'how much of each error budget is left').action(async ({ json, ...flags }: Flags) => {
    const answer = await ask(flags, 'GET', '/api/v1/objectives');
    printAnswer(json, answer, () => describeObjectives(answer.objectives as ObjectiveStatus[]));
  });
}

function addRules(add: Add): void {
  add('rules', 'rules that raise alerts').action(async ({ json, ...flags }: Flags) => {
    const answer = await ask(flags, 'GET', '/api/v1/alert-rules');
    printAnswer(json, answer, () => describeRules(answer.rules as PresentedRule[]));
  });
  add('remove-rule <name>', 'take away a rule that was set').action(async (name: string, { json, ...flags }: Flags) => {
    const answer = await ask(flags, 'DELETE', `/api/v1/alert-rules/${encodeURIComponent(name)}`);
    printAnswer(json, answer, () => 'Removed.');
  });
  add('thresholds', 'thresholds in force').action(async ({ json, ...flags }: Flags) => {
    const answer = await ask(flags, 'GET', '/api/v1/thresholds');
    printAnswer(json, answer, () => describeThresholds(answer.thresholds as Threshold[]));
  });
  add('remove-threshold <threshold>', 'take away a threshold that was set; a default holds again').action(
    async (thresholdId: string, { json, ...flags }: Flags) => {
      const answer = await ask(flags, 'DELETE', `/api/v1/thresholds/${encodeURIComponent(thresholdId)}`);
      printAnswer(json, answer, () => 'Removed.');
    },
  );
}

/** A week of every tool is read. */
const PROPOSALS_TIMEOUT_MS = 60_000;

function ask(
  flags: ConfigFlags & WorkspaceFlag,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  timeoutMs?: number,
): Promise<Record<string, unknown>> {
  const scope = method === 'GET' ? 'read' : 'admin';
  const { workspace } = flags;
  const options = { scope, body, workspace, ...(timeoutMs !== undefined && { timeoutMs }) } as const;
  return askOwnCollector(configOf(flags).config.dataDir, method, path, options);
}
