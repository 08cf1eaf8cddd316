/** `mcp-vitals serve`: the collector in the foreground, until a signal ends it. */
import type { Command } from 'commander';
import { type App, startApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { readDiscovery } from '../daemon/discovery.ts';
import { prepareDataDir, tryOwn } from '../daemon/ownership.ts';
import { VitalsError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { onSignal } from './signals.ts';

/**
 * Starts the collector of a data directory.
 * @throws VitalsError `conflict` when another process is the collector already, or the port is taken
 */
export async function serve(config: Config): Promise<App> {
  prepareDataDir(config.dataDir);
  const ownership = tryOwn(config.dataDir, tryExclusiveLock);
  if (!ownership) {
    const running = readDiscovery(config.dataDir);
    const who = running ? `process ${running.pid} at ${running.url}` : 'another process';
    throw new VitalsError('conflict', `The data directory ${config.dataDir} already has a collector: ${who}`, {
      hint: 'Use that one, or give this one its own with --data-dir and --port.',
    });
  }
  return startApp(config, {
    clock: systemClock,
    logger: createLogger(config.logLevel),
    ownership,
    whenPortIsTaken: 'refuse',
  });
}

export function serveCommand(program: Command): void {
  withConfigOptions(program.command('serve').description('run the collector in the foreground')).action(
    async (flags: ConfigFlags) => {
      const { config } = configOf(flags);
      const app = await serve(config);
      onSignal(() => app.stop());
      console.log(`mcp-vitals listens on ${app.url}, data in ${config.dataDir}`);
      console.log(`Open ${app.pageLink()} (good once; \`mcp-vitals dashboard\` prints another)`);
    },
  );
}
