/**
 * `mcp-vitals status`: how the collector of a data directory is, who reports to it and what was lost on the way, and which
 * servers of this user's MCP clients are not monitored. It starts nothing and changes nothing.
 */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askCollector, pathWithin } from '../daemon/askCollector.ts';
import { type Discovery, readDiscovery } from '../daemon/discovery.ts';
import { VitalsError } from '../errors.ts';
import type { ServerAnswer } from '../serve/api/shapes.ts';
import { readTokenOf } from '../serve/auth.ts';
import type { ForwardingStatus } from '../serve/ports/outgoing.ts';
import { limitOf } from '../serve/workspaceAsked.ts';
import { readClients } from '../setup/clients.ts';
import { type Coverage, coverageOf } from '../setup/coverage.ts';
import type { StoreStats } from '../store/store.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { describeStatus } from './statusReport.ts';
import { printAnswer } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

/** What `/healthz` answers; the first two without a token. */
export interface Health {
  ok: boolean;
  version: string;
  pid?: number;
  uptimeSeconds?: number;
  store?: StoreStats;
  forwarding?: readonly ForwardingStatus[];
}

export interface Status {
  url: string;
  health: Health;
  servers: readonly ServerAnswer[];
  coverage: Coverage;
}

/** The answer; undefined when nobody answers, or with anything but success. */
async function ask(discovery: Discovery, path: string, token: string | undefined) {
  const answer = await askCollector(discovery.url, path, { token });
  return answer?.statusCode === 200 ? answer.body : undefined;
}

/**
 * @param workspace whose servers are told; default: all
 * @throws VitalsError `not_found` when no collector answers, `invalid` for what is no name of a workspace
 */
export async function statusOf(dataDir: string, coverage: () => Coverage, workspace?: string): Promise<Status> {
  const path = pathWithin('/api/v1/servers', limitOf(undefined, workspace));
  const discovery = readDiscovery(dataDir);
  const token = discovery && readTokenOf(dataDir, 'read');
  const health = discovery && ((await ask(discovery, '/healthz', token)) as Health | undefined);
  if (!discovery || !health) {
    throw new VitalsError('not_found', `No collector answers for ${dataDir}`, {
      hint: 'Start one with `mcp-vitals serve`.',
    });
  }
  const answer = (await ask(discovery, path, token)) as { servers?: ServerAnswer[] } | undefined;
  return { url: discovery.url, health, servers: answer?.servers ?? [], coverage: coverage() };
}

export function statusCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('status'))
      .description('say how the collector is, what is monitored, and what is not')
      .option('--json', 'as JSON'),
  ).action(async ({ json, workspace, ...flags }: ConfigFlags & WorkspaceFlag & { json?: boolean }) => {
    const status = await statusOf(configOf(flags).config.dataDir, () => coverageOf(readClients()), workspace);
    printAnswer(json, status, () => describeStatus(status, Date.now()));
  });
}
