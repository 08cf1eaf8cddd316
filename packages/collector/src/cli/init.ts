/** `mcp-vitals init`: sets up the MCP clients of this user to be monitored, and takes that back. */
import type { Command } from 'commander';
import type { ConfigFlags, LoadedConfig } from '../config/load.ts';
import { prepareDataDir } from '../daemon/ownership.ts';
import { checkStays, installedLauncher } from '../setup/launcher.ts';
import { type FilePlan, type FileProblem, planInit } from '../setup/planInit.ts';
import { undoInit } from '../setup/undoInit.ts';
import { writeInit } from '../setup/writeInit.ts';
import { configOf } from './configOptions.ts';
import { describePlan, describeProblem, describeUndone, NOTHING_FOUND } from './initReport.ts';

interface InitFlags extends ConfigFlags {
  write?: boolean;
  undo?: boolean;
  search: boolean;
}

const HELP = `
Looks for Claude Desktop, Claude Code, Cursor and VS Code, in the places of this user and in the current directory.
Without --write nothing is changed. Copies of what --write replaces are kept in the data directory.

Examples:
  mcp-vitals init                               show what would be changed
  mcp-vitals init --write                       change it
  mcp-vitals init --no-search --write mcp.json  change this file and no other
  mcp-vitals init --undo                        put everything back`;

export function initCommand(program: Command): void {
  program
    .command('init')
    .description('have the servers of your MCP clients monitored, and the collector among them')
    .argument('[files...]', 'configuration files besides those that are found')
    .option('--write', 'write the changes instead of showing them')
    .option('--undo', 'take back what --write did, in the given files or in all')
    .option('--no-search', 'only the given files')
    .option('--data-dir <dir>', 'data directory (default: $MCP_VITALS_DATA, else ~/.performance-data)')
    .addHelpText('after', HELP)
    .action((files: string[], flags: InitFlags) => {
      const loaded = configOf({ dataDir: flags.dataDir });
      const isFine = flags.undo ? undo(loaded.config.dataDir, files) : init(loaded, files, flags);
      if (!isFine) process.exitCode = 1;
    });
}

/** @returns whether every file could be dealt with */
function init(
  { config, origins }: LoadedConfig,
  files: readonly string[],
  { write = false, search }: InitFlags,
): boolean {
  const { dataDir } = config;
  const launcher = installedLauncher();
  if (write) checkStays(launcher);
  // Servers find the default directory by themselves, and their clients do not pass our variable on.
  const isDefault = origins.get('dataDir') === 'default';
  const plans = planInit({ files, search, launcher, dataDir: isDefault ? undefined : dataDir });
  if (plans.length === 0) console.log(NOTHING_FOUND);
  const isPending = plans.some((plan) => 'changes' in plan && plan.changes.length > 0);
  if (isPending && write) prepareDataDir(dataDir);
  const results = plans.map((plan) => report(plan, write ? dataDir : undefined));
  if (isPending && !write) console.log('\nNothing was changed. To change it: mcp-vitals init --write');
  if (isPending && write) console.log('\nRestart the clients. To put everything back: mcp-vitals init --undo');
  return results.every(Boolean);
}

function report(plan: FilePlan | FileProblem, dataDir: string | undefined): boolean {
  if ('problem' in plan) {
    console.error(describeProblem(plan.problem));
    return false;
  }
  console.log(describePlan(plan));
  if (dataDir === undefined) return true;
  try {
    const record = writeInit(plan, dataDir);
    if (record) console.log(`Written. A copy of the file as it was: ${record.backup}`);
    return true;
  } catch (error) {
    console.error(describeProblem(error));
    return false;
  }
}

function undo(dataDir: string, files: readonly string[]): boolean {
  const undone = undoInit(dataDir, files);
  if (undone.length === 0) console.log(`There is nothing to undo in ${dataDir}.`);
  for (const file of undone) console.log(describeUndone(file));
  return undone.every(({ outcome, left }) => outcome !== 'failed' && left.length === 0);
}
