/** `mcp-vitals audit`: who changed what, and when. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { AUDIT_ACTIONS } from '../model/audit.ts';
import { type AuditAnswer, describeAudit, newestEntries } from './auditReport.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { minutesOf } from './span.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface AuditFlags extends ConfigFlags, WorkspaceFlag {
  since: string;
  until?: string;
  server?: string;
  action?: string;
  limit: number;
  json?: boolean;
}

const DEFAULT_LIMIT = 50;

export function auditCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(
      program
        .command('audit')
        .description('who changed what: thresholds, rules, alerts, silences, benchmarks, policies; newest first')
        .option('--since <when>', 'a span, e.g. 24h, 7d, or a time', '7d')
        .option('--until <time>', 'up to then; default: now')
        .option('--server <name>', 'only what is about this server')
        .addOption(new Option('--action <name>', 'only these changes').choices(AUDIT_ACTIONS))
        .option('--limit <number>', 'no more than the newest of them', countOf, DEFAULT_LIMIT)
        .option('--json', 'as JSON'),
    ),
  ).action(async ({ json, limit, workspace, ...flags }: AuditFlags) => {
    const { dataDir } = configOf(flags).config;
    const ask = (path: string) => askOwnCollector(dataDir, 'GET', path, { scope: 'read', workspace });
    const answer: AuditAnswer = await newestEntries(auditQueryOf(flags), limit, ask);
    printAnswer(json, answer, () => describeAudit(answer, styleOfStdout()));
  });
}

/** @throws InvalidArgumentError */
function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return count;
}

/** A span counts back from `--until`, else from now. @throws VitalsError `invalid` */
function auditQueryOf({ since, until, server, action }: Omit<AuditFlags, 'limit'>): Record<string, string> {
  const isTime = /^\d{4}-/.test(since);
  return {
    ...(isTime ? { from: since } : { minutes: String(minutesOf('--since', since)) }),
    ...(until !== undefined && { to: until }),
    ...(server !== undefined && { server }),
    ...(action !== undefined && { action }),
  };
}
