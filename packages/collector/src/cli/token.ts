/** `mcp-vitals token`: tokens that see and change one workspace only. */
import { type Command, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import type { IssuedTokenAnswer } from '../serve/api/tokens.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

type Flags = ConfigFlags & { json?: boolean };

export function tokenCommand(program: Command): void {
  const token = program.command('token').description('make, list and revoke tokens that see one workspace only');
  const add = (usage: string, description: string) =>
    withConfigOptions(token.command(usage).description(description).option('--json', 'as JSON'));
  addCreate(add);
  add('list', 'those there are, without the tokens themselves').action(async ({ json, ...flags }: Flags) => {
    const answer = await ask(flags, 'GET', '/api/v1/tokens');
    printAnswer(json, answer, () => describeTokens(answer.tokens as IssuedTokenAnswer[]));
  });
  add('revoke <id>', 'make one worthless, now').action(async (tokenId: string, { json, ...flags }: Flags) => {
    const answer = await ask(flags, 'DELETE', `/api/v1/tokens/${encodeURIComponent(tokenId)}`);
    printAnswer(json, answer, () => 'Revoked.');
  });
}

type Add = (usage: string, description: string) => Command;
type CreateFlags = Flags & { workspace: string; scope: IssuedTokenAnswer['scope']; name?: string };

function addCreate(add: Add): void {
  add('create', 'make one; it is printed once, and kept nowhere')
    .requiredOption('--workspace <name>', 'the only one that it is good for')
    .addOption(
      new Option('--scope <scope>', 'what it allows').choices(['ingest', 'read', 'admin']).makeOptionMandatory(),
    )
    .option('--name <text>', 'who has it, or what for')
    .action(async ({ json, workspace, scope, name = `${scope} of ${workspace}`, ...flags }: CreateFlags) => {
      const answer = await ask(flags, 'POST', '/api/v1/tokens', { workspace, scope, name });
      // The token alone, so that it can go into a variable or a file.
      printAnswer(json, answer, () => String(answer.token));
    });
}

const COLUMNS: readonly Column<IssuedTokenAnswer>[] = [
  { title: 'ID', min: 12, priority: 0, cell: ({ tokenId }) => shownName(tokenId) },
  { title: 'WORKSPACE', min: 9, max: 39, priority: 1, cell: ({ workspace }) => shownName(workspace) },
  { title: 'SCOPE', min: 6, priority: 2, cell: ({ scope }) => scope },
  { title: 'NAME', min: 10, max: 60, priority: 3, cell: ({ name }) => shownName(name) },
  { title: 'CREATED', min: 24, priority: 4, cell: ({ createdAt }) => shownName(createdAt) },
];

function describeTokens(tokens: readonly IssuedTokenAnswer[]): string {
  if (tokens.length === 0) return 'No token is limited to a workspace.';
  return tableLines(COLUMNS, tokens, styleOfStdout()).join('\n');
}

function ask(flags: ConfigFlags, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) {
  return askOwnCollector(configOf(flags).config.dataDir, method, path, { scope: 'admin', body });
}
