/**
 * The configuration in force: defaults, then a file, then the environment, then flags; the later wins, setting by
 * setting. Each value remembers where it came from, for `mcp-vitals config` and for error messages.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { VitalsError } from '../errors.ts';
import { type Config, configSchema } from './schema.ts';
import { environmentName, SECRET_SETTINGS, SECTIONS, SETTINGS, type Setting } from './settings.ts';
import { nearest } from './suggest.ts';

/** What the command line gave; absent fields were not given. */
export interface ConfigFlags {
  config?: string | undefined;
  dataDir?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
  logLevel?: string | undefined;
  toolset?: readonly string[] | undefined;
  /** Each `path=value`. */
  set?: readonly string[] | undefined;
}

export interface LoadedConfig {
  config: Config;
  /** By path of the setting: `default`, `file /path`, `environment NAME` or `flag --name`. */
  origins: ReadonlyMap<string, string>;
}

type Values = Map<string, { value: unknown; origin: string }>;

const FLAG_PATHS = { dataDir: '--data-dir', host: '--host', port: '--port', logLevel: '--log-level' } as const;

function fail(message: string, hint?: string): never {
  throw new VitalsError('invalid', message, hint === undefined ? {} : { hint });
}

function settingAt(path: string, origin: string): Setting {
  const setting = SETTINGS.find((candidate) => candidate.path === path);
  if (setting) return setting;
  const suggestion = nearest(path, [...SETTINGS.map((candidate) => candidate.path), ...SECTIONS]);
  return fail(
    `Unknown setting "${path}" (${origin})`,
    suggestion ? `Did you mean "${suggestion}"?` : '`mcp-vitals config` lists all settings.',
  );
}

function flatten(node: unknown, prefix: string, origin: string, into: Values): void {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    fail(`${origin}: ${prefix ? `"${prefix.slice(0, -1)}" must be an object` : 'must be one JSON object'}`);
  }
  for (const [key, value] of Object.entries(node)) {
    const path = prefix + key;
    if (SECTIONS.includes(path)) flatten(value, `${path}.`, origin, into);
    else into.set(settingAt(path, origin).path, { value, origin });
  }
}

function fromFile(path: string, mustExist: boolean): Values {
  const values: Values = new Map();
  if (!existsSync(path)) return mustExist ? fail(`Configuration file ${path} does not exist`) : values;
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    fail(`Configuration file ${path} cannot be read as JSON: ${(error as Error).message}`);
  }
  flatten(parsed, '', `file ${path}`, values);
  return values;
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Values {
  const values: Values = new Map();
  for (const setting of SETTINGS) {
    const text = environment[setting.environment];
    if (text !== undefined && text !== '') {
      values.set(setting.path, { value: setting.fromText(text), origin: `environment ${setting.environment}` });
    }
  }
  // Other MCP_VITALS_ names belong to the SDK; one that starts like a group of settings is a misspelt setting.
  const known = SETTINGS.map((setting) => setting.environment);
  const groups = SECTIONS.map((section) => `${environmentName(section)}_`);
  for (const name of Object.keys(environment)) {
    if (groups.some((group) => name.startsWith(group)) && !known.includes(name)) {
      const suggestion = nearest(name, known);
      fail(`Unknown setting in the environment: ${name}`, suggestion && `Did you mean ${suggestion}?`);
    }
  }
  return values;
}

function fromFlags(flags: ConfigFlags): Values {
  const values: Values = new Map();
  for (const [path, flag] of Object.entries(FLAG_PATHS) as [keyof typeof FLAG_PATHS, string][]) {
    const text = flags[path];
    if (text !== undefined) {
      values.set(path, { value: settingAt(path, flag).fromText(text), origin: `flag ${flag}` });
    }
  }
  if (flags.toolset?.length) values.set('toolsets', { value: [...flags.toolset], origin: 'flag --toolset' });
  for (const assignment of flags.set ?? []) {
    const [, path, text] = /^([^=]+)=(.*)$/s.exec(assignment) ?? fail(`--set ${assignment}: expected path=value`);
    const origin = `flag --set ${path}`;
    values.set(path!, { value: settingAt(path!, origin).fromText(text!), origin });
  }
  return values;
}

function nest(values: Values): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, { value }] of values) {
    const parts = path.split('.');
    const leaf = parts.pop()!;
    let node = root;
    for (const part of parts) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[leaf] = value;
  }
  return root;
}

function describeIssue(issue: z.core.$ZodIssue, values: Values): string {
  const full = issue.path.join('.');
  // An issue may be deep within a setting that is a list or a record.
  const parts = issue.path.map(String);
  const path = parts.map((_, i) => parts.slice(0, parts.length - i).join('.')).find((prefix) => values.has(prefix));
  const given = values.get(path ?? full);
  const got = given && !SECRET_SETTINGS.includes(path!) ? `, got ${JSON.stringify(given.value)}` : '';
  return `${full} (${given?.origin ?? 'default'}): ${issue.message}${got}`;
}

/**
 * Merges and checks.
 * @throws VitalsError `invalid`, naming each wrong setting, where it came from and what is allowed
 */
export function loadConfig(flags: ConfigFlags, environment: NodeJS.ProcessEnv = process.env): LoadedConfig {
  const values: Values = new Map([['dataDir', { value: join(homedir(), '.performance-data'), origin: 'default' }]]);
  const given = [fromEnvironment(environment), fromFlags(flags)];
  const overlay = (layer: Values) => {
    for (const [path, entry] of layer) values.set(path, entry);
  };
  if (flags.config !== undefined) overlay(fromFile(resolve(flags.config), true));
  for (const layer of given) overlay(layer);
  if (flags.config === undefined) {
    // The data directory's own file is found by the directory, so it comes last to be read and first to be overridden.
    overlay(fromFile(join(resolve(String(values.get('dataDir')!.value)), 'config.json'), false));
    for (const layer of given) overlay(layer);
  }
  const result = configSchema.safeParse(nest(values));
  if (!result.success) {
    fail(
      result.error.issues.map((issue) => describeIssue(issue, values)).join('\n'),
      '`mcp-vitals config` shows what is in force.',
    );
  }
  const origins = new Map(SETTINGS.map(({ path }) => [path, values.get(path)?.origin ?? 'default']));
  return { config: { ...result.data, dataDir: resolve(result.data.dataDir) }, origins };
}
