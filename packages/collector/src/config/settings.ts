/**
 * The schema read as a flat list: one entry per setting, with its path, its environment variable and how to read its
 * value from text. Derived, so that a setting added to the schema has a variable, a flag and a line in the docs at once.
 */
import { z } from 'zod';
import { type Config, configSchema } from './schema.ts';

export interface Setting {
  /** E.g. `retention.hourDays`. */
  path: string;
  /** E.g. `MCP_VITALS_RETENTION_HOUR_DAYS`. */
  environment: string;
  description: string;
  /** Undefined only where there is none. */
  defaultValue: unknown;
  /** Reads a value given as text; what cannot be read is returned as it is, for the schema to refuse. */
  fromText(text: string): unknown;
}

/** Where the data directory's variable differs from the general rule: it is the one that SDKs read too. */
const DATA_DIR_VARIABLE = 'MCP_VITALS_DATA';

/** The variable of a setting; of a group, what its variables begin with. */
export function environmentName(path: string): string {
  if (path === 'dataDir') return DATA_DIR_VARIABLE;
  const words = path.replaceAll('.', '_').replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `MCP_VITALS_${words.toUpperCase()}`;
}

/** The schema inside a default. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? unwrap(schema.unwrap()) : schema;
}

const BOOLEANS: Record<string, boolean> = { true: true, false: false, on: true, off: false, '1': true, '0': false };

function textReader(leaf: z.core.$ZodType): (text: string) => unknown {
  if (leaf instanceof z.ZodNumber)
    return (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text));
  if (leaf instanceof z.ZodBoolean) return (text) => BOOLEANS[text.trim().toLowerCase()] ?? text;
  if (leaf instanceof z.ZodRecord || (leaf instanceof z.ZodArray && leaf.element instanceof z.ZodObject))
    return readJson;
  if (leaf instanceof z.ZodArray) return (text) => text.split(',').flatMap((part) => part.trim() || []);
  return (text) => text;
}

function collect(schema: z.ZodObject, prefix: string): Setting[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const path = prefix + key;
    const inner = unwrap(field);
    if (inner instanceof z.ZodObject) return collect(inner, `${path}.`);
    const setting: Setting = {
      path,
      environment: environmentName(path),
      description: z.globalRegistry.get(field)?.description ?? '',
      defaultValue: field instanceof z.ZodDefault ? field.def.defaultValue : undefined,
      fromText: textReader(inner),
    };
    return [setting];
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Settings that may hold secrets: their values are never printed. */
export const SECRET_SETTINGS: readonly string[] = [
  'notifications.channels',
  'benchmarks.targets',
  'store',
  'alertmanager.urls',
  'alertmanager.bearerToken',
  'alertmanager.password',
  'forward.otlp.endpoint',
  'forward.otlp.headers',
  'forward.remoteWrite.url',
  'forward.remoteWrite.bearerToken',
  'forward.remoteWrite.headers',
];

/** Where a secret that is no reference (`env:NAME`, `file:/path`) may begin with anything. */
const NEVER_SHOWN: readonly string[] = [
  'alertmanager.bearerToken',
  'alertmanager.password',
  'forward.remoteWrite.bearerToken',
];

const REFERENCE = /^(env|file):/;

/** The value of a setting by its path. */
export function valueAt(config: Config, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], config);
}

/**
 * A value as it may be shown: of a database, where it is; of channels, their types: addresses of webhooks are secrets as well; of
 * what benchmarks may call, the tools.
 */
export function shownValue(config: Config, path: string): z.core.util.JSONType {
  const value = valueAt(config, path);
  if (NEVER_SHOWN.includes(path)) return value === '' || REFERENCE.test(String(value)) ? String(value) : '***';
  return (SECRET_SETTINGS.includes(path) ? withoutSecrets(value) : value) as z.core.util.JSONType;
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecret);
  if (typeof value === 'string') return withoutSecret(value);
  const entries = Object.entries(value as Record<string, string | { type: string } | { tools: string[] }>);
  return Object.fromEntries(entries.map(([name, held]) => [name, typeof held === 'string' ? '***' : whatItIs(held)]));
}

function whatItIs(held: { type: string } | { tools: string[] }): object {
  return 'type' in held ? { type: held.type } : { tools: held.tools };
}

/** What names a place is shown without its password; a secret, not at all. */
function withoutSecret(text: string): string {
  if (text === '' || text === 'sqlite' || REFERENCE.test(text)) return text;
  return /^\w+:\/\//.test(text) ? withoutPassword(text) : '***';
}

/** Read as the one who connects reads it; where a password stands that had to be written otherwise, nothing is shown. */
function withoutPassword(url: string): string {
  const [scheme] = url.split('//', 1);
  if (!URL.canParse(url)) return `${scheme}//***`;
  const { username, password, host, pathname, search, hash } = new URL(url);
  const login = username + password === '' ? '' : '***@';
  // Had `/`, `?` or `#` ended the password instead of being part of it, the rest of it would stand here.
  const rest = login === '' ? pathname + search + hash : pathname;
  return rest.includes('@') ? `${scheme}//***` : `${scheme}//${login}${host}${pathname}`;
}

/** Every setting, in the schema's order. */
export const SETTINGS: readonly Setting[] = collect(configSchema, '');

/** The paths of the schema's groups, e.g. `retention`, `forward` and `forward.otlp`. */
export const SECTIONS: readonly string[] = [...new Set(SETTINGS.flatMap(({ path }) => groupsOf(path)))];

function groupsOf(path: string): string[] {
  const groups = path.split('.').slice(0, -1);
  return groups.map((_, i) => groups.slice(0, i + 1).join('.'));
}
