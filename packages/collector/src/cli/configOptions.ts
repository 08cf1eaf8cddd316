/** The options that every command takes which reads the configuration. */
import type { Command } from 'commander';
import { type ConfigFlags, type LoadedConfig, loadConfig } from '../config/load.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

/** Adds them to a command. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: config.json in the data directory)')
    .option('--data-dir <dir>', 'data directory (default: $MCP_VITALS_DATA, else ~/.performance-data)')
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'TCP port, 0 for a free one')
    .option('--log-level <level>', 'silent, error, warn, info or debug')
    .option('--toolset <name>', 'list further MCP tools: analysis; repeatable', collect, [])
    .option('--set <path=value>', 'any other setting, e.g. retention.hourDays=7; repeatable', collect, []);
}

/** The configuration in force for a command that was given `flags`. */
export function configOf(flags: ConfigFlags): LoadedConfig {
  return loadConfig(flags, process.env);
}
