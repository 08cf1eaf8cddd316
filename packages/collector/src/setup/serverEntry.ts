/** One server of a client's configuration, read from the tree, and how it is monitored. */
import type { Node } from 'jsonc-parser';
import { importsOf, nodeOptions, wordsOfNodeOptions } from './commandLine.ts';
import { type DocumentPath, entriesOf, nodeAt } from './configDocument.ts';
import { argsOfOwnProgram, isPreload } from './ownProgram.ts';

/** `collector` is this product's own server; `remote` one that a client reaches by its URL. */
export type Monitoring = 'preload' | 'proxy' | 'collector' | 'not' | 'remote';

/** Texts are as they stand in the file, and hostile until escaped. */
export interface ConfiguredServer {
  name: string;
  /** From the root of the document to the entry. */
  location: DocumentPath;
  /** The project that the entry is for, where a user's file has a list per project. */
  project?: string;
  command?: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd?: string;
  url?: string;
  /** Whether the entry itself says that the client shall not start it. */
  disabled: boolean;
  monitoring: Monitoring;
  /** The entry is of a form that this product does not know, and leaves alone: why. */
  odd?: string;
}

const URL_KEYS = ['url', 'serverUrl', 'httpUrl'];

/** Reads the entry at `location`. */
export function readServer(name: string, entry: Node, location: DocumentPath): ConfiguredServer {
  const command = textAt(entry, 'command');
  const cwd = textAt(entry, 'cwd');
  const url = URL_KEYS.map((key) => textAt(entry, key)).find((text) => text !== undefined);
  const words = nodeAt(entry, ['args']);
  const args = (words?.children ?? []).map(({ value }) => value as unknown);
  const env = entriesOf(nodeAt(entry, ['env'])).map(([key, node]) => [key, String(node.value ?? '')] as const);
  const server = {
    name,
    location,
    ...(location[0] === 'projects' && { project: String(location[1]) }),
    ...(command !== undefined && { command }),
    args: args.filter((arg) => typeof arg === 'string'),
    env: Object.fromEntries(env),
    ...(cwd !== undefined && { cwd }),
    ...(url !== undefined && { url }),
    disabled: nodeAt(entry, ['disabled'])?.value === true || nodeAt(entry, ['enabled'])?.value === false,
  };
  const odd = oddityOf(entry, command, url);
  return { ...server, monitoring: monitoringOf(server), ...(odd !== undefined && { odd }) };
}

function textAt(entry: Node, key: string): string | undefined {
  const value = nodeAt(entry, [key])?.value as unknown;
  return typeof value === 'string' ? value : undefined;
}

function oddityOf(entry: Node, command: string | undefined, url: string | undefined): string | undefined {
  if (command === undefined) return url === undefined ? 'it has neither a command nor a URL' : undefined;
  if (command.trim() === '') return 'its command is empty';
  const args = nodeAt(entry, ['args']);
  // Some clients hand such a text to a shell; what a shell makes of it cannot be put behind another command.
  if (args === undefined && /^[^\s\\/]+\s/.test(command)) return 'its command is a whole command line';
  const areTexts = args?.type === 'array' && (args.children ?? []).every(({ type }) => type === 'string');
  if (args !== undefined && !areTexts) return 'its args are not a list of texts';
  const env = nodeAt(entry, ['env']);
  return env !== undefined && env.type !== 'object' ? 'its env is not an object' : undefined;
}

/** How a server is monitored by what its entry says; what it does by itself (`withMonitoring`) cannot be seen here. */
export function monitoringOf(server: Pick<ConfiguredServer, 'command' | 'args' | 'env' | 'url'>): Monitoring {
  const { command, args, env, url } = server;
  if (command === undefined) return url === undefined ? 'not' : 'remote';
  const [asked] = argsOfOwnProgram(command, args) ?? [];
  if (asked === 'wrap') return 'proxy';
  if (asked === 'stdio' || asked === 'serve') return 'collector';
  const options = [...nodeOptions(command, args), ...wordsOfNodeOptions(env.NODE_OPTIONS ?? '')];
  return importsOf(options).some(isPreload) ? 'preload' : 'not';
}
