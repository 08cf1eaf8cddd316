/** `mcp-vitals alerts`: what a person does with alerts besides reading them: silence, judge, and see what would fit better. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { VitalsError } from '../errors.ts';
import type { AlertQuality, ObjectiveStatus, ThresholdProposal } from '../model/alert.ts';
import {
  describeObjectives,
  describeProposals,
  describeQuality,
  describeSilences,
  type PresentedSilence,
} from './alertsReport.ts';
import { configOf, withConfigOptions } from './configOptions.ts';

export function alertsCommand(program: Command): void {
  const alerts = program.command('alerts').description('list, acknowledge, silence and judge alerts');
  const add = (usage: string, description: string) => withConfigOptions(alerts.command(usage).description(description));

  add('list', 'what needs somebody').action(async (flags: ConfigFlags) => {
    console.log(await callTool(flags, 'get_active_alerts', {}));
  });
  add('acknowledge <alert>', 'say that you are on it; nothing more is sent of it')
    .option('--notes <text>', 'for the others')
    .action(async (alertId: string, { notes, ...flags }: ConfigFlags & { notes?: string }) => {
      const args = { alertId, acknowledgedBy: userInfo().username, ...(notes !== undefined && { notes }) };
      console.log(await callTool(flags, 'acknowledge_alert', args));
    });
  add('silence <server> [tool]', 'send nothing of a server or a tool for a while; * stands for anything')
    .requiredOption('--minutes <number>', 'how long', Number)
    .option('--reason <text>', 'why, for whoever finds it', '')
    .action(
      async (server: string, tool: string | undefined, options: ConfigFlags & { minutes: number; reason: string }) => {
        const { minutes, reason } = options;
        const body = { server, ...(tool !== undefined && { tool }), minutes, reason, by: userInfo().username };
        const silence = await ask(options, 'POST', '/api/v1/silences', body);
        console.log(describeSilences([silence as unknown as PresentedSilence]));
      },
    );
  add('silences', 'list the silences in force').action(async (flags: ConfigFlags) => {
    const { silences } = await ask(flags, 'GET', '/api/v1/silences');
    console.log(describeSilences(silences as PresentedSilence[]));
  });
  add('unsilence <silence>', 'end a silence now').action(async (silenceId: string, flags: ConfigFlags) => {
    await ask(flags, 'DELETE', `/api/v1/silences/${encodeURIComponent(silenceId)}`);
    console.log('Ended.');
  });
  add('mark <alert> <useful|false>', 'say whether an alert was worth it').action(
    async (alertId: string, feedback: string, flags: ConfigFlags) => {
      await ask(flags, 'POST', `/api/v1/alerts/${encodeURIComponent(alertId)}/feedback`, { feedback });
      console.log(`Noted: ${feedback}.`);
    },
  );
  add('quality', 'false-alarm rate and time to the end, of the last 30 days').action(async (flags: ConfigFlags) => {
    const quality = await ask(flags, 'GET', '/api/v1/alert-quality');
    console.log(describeQuality(quality as unknown as AlertQuality & { days: number }));
  });
  add('propose', 'propose thresholds from the last week; nothing is set').action(async (flags: ConfigFlags) => {
    const { proposals } = await ask(flags, 'GET', '/api/v1/threshold-proposals', undefined, PROPOSALS_TIMEOUT_MS);
    console.log(describeProposals(proposals as ThresholdProposal[]));
  });
  add('objectives', 'how much of each error budget is left').action(async (flags: ConfigFlags) => {
    const { objectives } = await ask(flags, 'GET', '/api/v1/objectives');
    console.log(describeObjectives(objectives as ObjectiveStatus[]));
  });
}

/** What a model would be told, which is made to be read by people as well. */
async function callTool(flags: ConfigFlags, tool: string, args: object): Promise<string> {
  const { content, isError } = await ask(flags, 'POST', `/api/v1/tools/${tool}`, args);
  const text = (content as { text: string }[]).map((part) => part.text).join('\n');
  if (isError) throw new VitalsError('invalid', text);
  return text;
}

/** A week of every tool is read. */
const PROPOSALS_TIMEOUT_MS = 60_000;

function ask(
  flags: ConfigFlags,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  timeoutMs?: number,
): Promise<Record<string, unknown>> {
  const scope = method === 'GET' ? 'read' : 'admin';
  const options = { scope, body, ...(timeoutMs !== undefined && { timeoutMs }) } as const;
  return askOwnCollector(configOf(flags).config.dataDir, method, path, options);
}
