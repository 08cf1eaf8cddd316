/** `mcp-vitals dashboard`: a link to the page of the collector that runs, good once. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { readDiscovery } from '../daemon/discovery.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import type { WorkspaceFlag } from './workspaceOption.ts';

/** @throws VitalsError `not_found` when no collector answers */
export async function pageLinkOf(
  { dataDir, publicUrl }: Pick<Config, 'dataDir' | 'publicUrl'>,
  scope: 'read' | 'admin',
  workspace?: string,
): Promise<string> {
  const body = { scope, ...(workspace !== undefined && { workspace }) };
  const { code } = await askOwnCollector(dataDir, 'POST', '/api/v1/session/codes', { scope: 'admin', body });
  return `${publicUrl.replace(/\/+$/, '') || readDiscovery(dataDir)!.url}/#code=${String(code)}`;
}

export function dashboardCommand(program: Command): void {
  withConfigOptions(
    program
      .command('dashboard')
      .description('print a link to the page of the collector that runs, good once and for a quarter of an hour')
      .option('--read-only', 'for somebody who may look, and change nothing')
      .option('--workspace <name>', 'for somebody who is to see this workspace only'),
  ).action(async ({ readOnly, workspace, ...flags }: ConfigFlags & WorkspaceFlag & { readOnly?: boolean }) => {
    console.log(await pageLinkOf(configOf(flags).config, readOnly ? 'read' : 'admin', workspace));
  });
}
