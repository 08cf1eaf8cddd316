/** The `mcp-vitals` command with all its subcommands. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { configCommand } from './config.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { stdioCommand } from './stdio.ts';

export function createProgram(): Command {
  const program = new Command('mcp-vitals')
    .description('Performance monitoring for MCP servers')
    .version(VERSION)
    .showHelpAfterError();
  for (const add of [serveCommand, stdioCommand, statusCommand, configCommand, exportCommand, importCommand])
    add(program);
  return program;
}
