/** `mcp-vitals config`: what is in force, and where each value came from. */
import type { Command } from 'commander';
import type { ConfigFlags, LoadedConfig } from '../config/load.ts';
import { SETTINGS, shownValue } from '../config/settings.ts';
import { configOf, withConfigOptions } from './configOptions.ts';

interface ConfigLine {
  setting: string;
  value: unknown;
  origin: string;
}

function linesOf({ config, origins }: LoadedConfig): ConfigLine[] {
  return SETTINGS.map(({ path }) => ({
    setting: path,
    value: shownValue(config, path),
    origin: origins.get(path) ?? 'default',
  }));
}

/** As a table for people. */
export function configTable(loaded: LoadedConfig): string {
  const rows = linesOf(loaded).map(({ setting, value, origin }) => [setting, JSON.stringify(value), origin] as const);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([setting, value, origin]) => `${setting.padEnd(first)}  ${value.padEnd(second)}  ${origin}`)
    .join('\n');
}

/** As JSON for programs: by path, `{ value, origin }`. */
export function configJson(loaded: LoadedConfig): string {
  const entries = linesOf(loaded).map(({ setting, value, origin }) => [setting, { value, origin }]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

export function configCommand(program: Command): void {
  withConfigOptions(program.command('config').description('print the configuration in force and where it came from'))
    .option('--json', 'print JSON')
    .action((flags: ConfigFlags & { json?: boolean }) => {
      const loaded = configOf(flags);
      console.log(flags.json ? configJson(loaded) : configTable(loaded));
    });
}
