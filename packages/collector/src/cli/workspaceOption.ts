/** `--workspace`, of commands that show or change what servers there are. */
import type { Command } from 'commander';

export interface WorkspaceFlag {
  workspace?: string;
}

export function withWorkspaceOption(command: Command): Command {
  return command.option('--workspace <name>', 'only servers of this workspace');
}
