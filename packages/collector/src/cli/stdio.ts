/**
 * `mcp-vitals stdio`: what MCP clients start. It speaks MCP on stdin and stdout, and shares one collector with all
 * others that were started for the same data directory: it becomes the collector, or attaches to the one there is.
 */
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Command } from 'commander';
import { startApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createMember } from '../daemon/member.ts';
import { prepareDataDir } from '../daemon/ownership.ts';
import { createServerFactory } from '../daemon/selfMonitoring.ts';
import { createLogger } from '../logger.ts';
import { limitOf } from '../serve/workspaceAsked.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { onSignal } from './signals.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

export interface StdioSession {
  /** Resolves when the client has closed stdin and everything is put away. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** @param workspace the only one that the client sees; default: all */
export async function runStdio(
  config: Config,
  stdin: Readable,
  stdout: Writable,
  workspace?: string,
): Promise<StdioSession> {
  // Whoever may start this process may read the admin token, so asking for one would protect nothing.
  const caller = { client: 'stdio', scope: 'admin', workspace: limitOf(undefined, workspace) } as const;
  prepareDataDir(config.dataDir);
  const logger = createLogger(config.logLevel);
  const member = createMember({
    config,
    clock: systemClock,
    logger,
    tryLock: tryExclusiveLock,
    startOwned: (ownership) =>
      startApp(config, { clock: systemClock, logger, ownership, whenPortIsTaken: 'take_another' }),
  });
  const onError = (error: unknown) => logger.error({ err: error }, 'A request failed');
  const createServer = createServerFactory(config, member.backend, systemClock, onError);
  // The SDK's transport adds listeners for each answer that waits for a slow reader; many may wait, none is leaked.
  stdout.setMaxListeners(0);
  // Answers `initialize` at once; a tool call waits until there is a collector.
  const handle = serveStdio(() => createServer(caller), {
    transport: new StdioServerTransport(stdin, stdout),
    onerror: (error) => logger.debug({ err: error }, 'The MCP connection had an error'),
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= handle.close().then(() => member.stop());
    return stopping;
  };
  const ended = new Promise<void>((resolve, reject) => {
    const end = () => void stop().then(resolve, reject);
    stdin.once('end', end).once('close', end);
    // The client that closed only what it reads from is gone as well.
    stdout.once('error', end);
  });
  await member.ready();
  return { ended, stop };
}

export function stdioCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('stdio').description('serve MCP on stdin and stdout, sharing one collector')),
  ).action(async ({ workspace, ...flags }: ConfigFlags & WorkspaceFlag) => {
    const session = await runStdio(configOf(flags).config, process.stdin, process.stdout, workspace);
    onSignal(session.stop);
    await session.ended;
  });
}
