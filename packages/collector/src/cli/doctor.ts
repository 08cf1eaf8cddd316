/** `mcp-vitals doctor`: what goes wrong in practice, and what to do about it. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { checkClientFiles } from '../doctor/clientFiles.ts';
import { checkCollector } from '../doctor/collector.ts';
import { checkDataDirectory } from '../doctor/dataDirectory.ts';
import type { Finding } from '../doctor/finding.ts';
import { checkNodeVersion } from '../doctor/nodeVersion.ts';
import { checkTokens } from '../doctor/tokens.ts';
import { type StartedServer, tryServer } from '../doctor/tryServer.ts';
import { VitalsError } from '../errors.ts';
import { visibleText } from '../model/visibleText.ts';
import { type ClientConfig, readClients } from '../setup/clients.ts';
import { effectiveMonitoring } from '../setup/coverage.ts';
import type { ConfiguredServer } from '../setup/serverEntry.ts';
import { configOf, withConfigOptions } from './configOptions.ts';

interface DoctorFlags extends ConfigFlags {
  json?: boolean;
  startServers?: boolean;
  clientFile?: string[];
}

const MAX_LENGTH = 400;
const MARKS: Readonly<Record<Finding['level'], string>> = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' };

const HELP = `
Examples:
  mcp-vitals doctor                        looks, and starts nothing
  mcp-vitals doctor --start-servers        starts each server of your MCP clients as well, and greets it
  mcp-vitals doctor -- python server.py    looks at this server only`;

export function doctorCommand(program: Command): void {
  withConfigOptions(
    program
      .command('doctor')
      .description('find what is wrong, and say what to do about it')
      .argument('[command...]', 'a server to start and to look at, after --')
      .option('--start-servers', 'start the servers of your MCP clients to see how they behave')
      .option('--client-file <file...>', 'also look at these configuration files of MCP clients')
      .option('--json', 'as JSON')
      .passThroughOptions()
      .addHelpText('after', HELP),
  ).action(async (words: string[], flags: DoctorFlags) => {
    const findings = words.length > 0 ? await tryCommand(words) : await examine(flags);
    console.log(flags.json ? JSON.stringify(findings, null, 2) : findings.map(describeFinding).join('\n'));
    const problems = findings.filter(({ level }) => level === 'problem').length;
    if (problems > 0)
      throw new VitalsError('invalid', problems === 1 ? 'There is a problem' : `There are ${problems} problems`);
  });
}

/** All checks; servers are started only when that is asked for. */
async function examine({ startServers, clientFile = [], ...flags }: DoctorFlags): Promise<Finding[]> {
  const { dataDir } = configOf(flags).config;
  const clients = readClients({ files: clientFile });
  const findings = [
    checkNodeVersion(process.versions.node),
    ...checkDataDirectory(dataDir),
    checkTokens(dataDir),
    ...(await checkCollector(dataDir, process.env.MCP_VITALS_URL)),
    ...checkClientFiles(clients),
  ];
  // One after the other: they would slow each other down.
  if (startServers) for (const server of serversToStart(clients)) findings.push(...(await tryServer(server)));
  return findings;
}

function tryCommand([command, ...args]: string[]): Promise<Finding[]> {
  return tryServer({ name: [command, ...args].join(' '), command: command!, args, isMonitored: false });
}

function serversToStart(clients: readonly ClientConfig[]): StartedServer[] {
  return clients.flatMap(({ servers }) => servers.flatMap(startedAsConfigured));
}

function startedAsConfigured(server: ConfiguredServer): StartedServer[] {
  const { name, command, args, env, cwd, disabled, monitoring } = server;
  if (command === undefined || disabled || monitoring === 'collector') return [];
  return [{ name, command, args, env, cwd, isMonitored: effectiveMonitoring(server) !== 'not' }];
}

function describeFinding({ check, level, found, advice }: Finding): string {
  const line = `${MARKS[level]}  ${visibleText(check, MAX_LENGTH)}: ${visibleText(found, MAX_LENGTH)}`;
  return advice === undefined ? line : `${line}\n         ${visibleText(advice, MAX_LENGTH)}`;
}
