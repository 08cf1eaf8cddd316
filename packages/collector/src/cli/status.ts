/** `mcp-vitals status`: whether a collector answers for the data directory, and how it is. */
import type { Command } from 'commander';
import { request } from 'undici';
import type { ConfigFlags } from '../config/load.ts';
import { type Discovery, readDiscovery } from '../daemon/discovery.ts';
import { VitalsError } from '../errors.ts';
import { readTokenOf } from '../serve/auth.ts';
import { configOf, withConfigOptions } from './configOptions.ts';

async function healthOf(discovery: Discovery, token: string | undefined): Promise<Record<string, unknown> | undefined> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const { body } = await request(`${discovery.url}/healthz`, { headers });
    return (await body.json()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/**
 * One line about the collector of a data directory.
 * @throws VitalsError `not_found` when none answers
 */
export async function statusLine(dataDir: string): Promise<string> {
  const discovery = readDiscovery(dataDir);
  const health = discovery && (await healthOf(discovery, readTokenOf(dataDir, 'read')));
  if (!discovery || !health) {
    throw new VitalsError('not_found', `No collector answers for ${dataDir}`, {
      hint: 'Start one with `mcp-vitals serve`.',
    });
  }
  const details = Object.entries(health)
    .filter(([key]) => key !== 'ok' && key !== 'version')
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  return [`${discovery.url} ${health.ok ? 'ok' : 'not ok'}, version ${String(health.version)}`, ...details].join(', ');
}

export function statusCommand(program: Command): void {
  withConfigOptions(program.command('status').description('say whether a collector runs and how it is')).action(
    async (flags: ConfigFlags) => {
      console.log(await statusLine(configOf(flags).config.dataDir));
    },
  );
}
