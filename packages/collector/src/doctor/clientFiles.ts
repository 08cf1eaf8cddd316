/** What is wrong in the configuration files of MCP clients, without starting anything. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientConfig } from '../setup/clients.ts';
import { importsOf, nodeOptions, nodeScript } from '../setup/commandLine.ts';
import type { ConfiguredServer } from '../setup/serverEntry.ts';
import { reasonToLeave } from '../setup/wrapping.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const CHECK = 'client files';

export function checkClientFiles(clients: readonly ClientConfig[]): Finding[] {
  if (clients.length === 0) return [ok(CHECK, 'none was found of Claude Desktop, Claude Code, Cursor or VS Code')];
  return clients.flatMap(({ path, servers, problem: broken }) => {
    if (broken !== undefined) return [problem(CHECK, broken, 'Correct the file: its client cannot read it either.')];
    const findings = servers.filter(({ disabled }) => !disabled).flatMap((server) => checkServer(server, path));
    return findings.length === 0 ? [ok(CHECK, `${path}: what it starts is there`)] : findings;
  });
}

function checkServer(server: ConfiguredServer, path: string): Finding[] {
  const { name, command, args, env, cwd } = server;
  if (command === undefined) return [];
  const where = `${name} in ${path}`;
  const findings: Finding[] = [];
  if (!isCommand(command, env.PATH ?? process.env.PATH ?? '', cwd))
    findings.push(
      problem(
        CHECK,
        `${where}: ${command} is not there`,
        'Correct `command`, as an absolute path if need be. `mcp-vitals init` renews paths of its own.',
      ),
    );
  for (const file of filesOf(command, args))
    if (isAbsolute(file) && !existsSync(file))
      findings.push(
        problem(
          CHECK,
          `${where}: ${file} does not exist`,
          'Correct the path in `args`. `mcp-vitals init` renews paths of its own.',
        ),
      );
  if (findings.length === 0 && reasonToLeave(server) === undefined)
    findings.push(
      warning(
        CHECK,
        `${where} is not set up to be monitored`,
        'Run `mcp-vitals init`, unless the one line is in its source.',
      ),
    );
  return findings;
}

/** The files that Node is told to load. */
function filesOf(command: string, args: readonly string[]): string[] {
  const script = nodeScript(command, args);
  const loaded = importsOf(nodeOptions(command, args)).map((name) =>
    name.startsWith('file:') && URL.canParse(name) ? fileURLToPath(name) : name,
  );
  return script === undefined ? loaded : [...loaded, args[script]!];
}

function isCommand(command: string, path: string, cwd: string | undefined): boolean {
  if (/[\\/]/.test(command)) return isExecutable(resolve(cwd ?? '.', command));
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  return path.split(delimiter).some((folder) => endings.some((ending) => isExecutable(join(folder, command + ending))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
