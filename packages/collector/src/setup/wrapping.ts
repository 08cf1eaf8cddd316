/**
 * How a server shall be monitored. Node servers get the preload: no process more, and their own names, errors and waiting
 * times. For all else there is the proxy, which needs nothing of the server but that it speaks MCP on stdio.
 */
import type { WrapServer } from './changes.ts';
import { isNode, nodeOptions, nodeScript, scriptName } from './commandLine.ts';
import { type ConfigDocument, nodeAt } from './configDocument.ts';
import type { Launcher } from './launcher.ts';
import type { ConfiguredServer } from './serverEntry.ts';

export interface WrappingOptions {
  launcher: Launcher;
  /** The data directory, where it is not the one that servers find by themselves. */
  dataDir?: string | undefined;
}

/** What a user says who does not want a server to be monitored. */
const SWITCH = 'MCP_VITALS';
const OFF = /^\s*(off|false|0|no)\s*$/i;

const DATA_VARIABLE = 'MCP_VITALS_DATA';

/** Node's own options under which a preload would not be let in, or would end up in another program. */
const NOT_FOR_PRELOAD = /^--(experimental-)?permission$|^--(run|test|build-sea|experimental-sea-config)\b/;

/** Scripts that start the server in a process of its own, or pass on what a remote one says: a preload finds no server. */
const GO_BETWEENS = new Set([
  'npm',
  'npx-cli',
  'pnpm',
  'yarn',
  'corepack',
  'tsx',
  'nodemon',
  'mcp-remote',
  'supergateway',
]);

/** Node that cannot preload ES modules, told by the folder it is installed in. */
const MIN_NODE = [20, 6] as const;

/** Why a server is left alone; undefined when it is to be wrapped. */
export function reasonToLeave(server: ConfiguredServer): string | undefined {
  if (server.odd !== undefined) return server.odd;
  if (server.monitoring === 'remote') return 'it is reached by its URL: put `mcp-vitals wrap --http URL` before it';
  if (server.monitoring === 'collector') return 'it is the collector';
  if (isSwitchedOff(server)) return `its env switches ${SWITCH} off`;
  return server.monitoring === 'not' ? undefined : `it is monitored already, by the ${server.monitoring}`;
}

/** Whether its user does not want it to be monitored, however it is started. */
export function isSwitchedOff({ env }: Pick<ConfiguredServer, 'env'>): boolean {
  return OFF.test(env[SWITCH] ?? '');
}

/** The change that has a server monitored. */
export function wrapping(server: ConfiguredServer, document: ConfigDocument, options: WrappingOptions): WrapServer {
  const { location } = server;
  const { launcher, dataDir } = options;
  const env: Record<string, string> =
    dataDir === undefined || DATA_VARIABLE in server.env ? {} : { [DATA_VARIABLE]: dataDir };
  const hasKey = (key: 'args' | 'env') => nodeAt(document.root, [...location, key]) !== undefined;
  const newKeys = (['args', 'env'] as const).filter((key) => !hasKey(key) && (key === 'args' || dataDir !== undefined));
  const common = { kind: 'wrap', location, env, newKeys } as const;
  if (takesPreload(server)) return { ...common, how: 'preload', words: ['--import', launcher.registerUrl] };
  const { offset, length, value } = nodeAt(document.root, [...location, 'command'])!;
  const original = document.text.slice(offset, offset + length);
  const words = [launcher.bin, 'wrap', '--', String(value)];
  return { ...common, how: 'proxy', command: { text: launcher.node, original }, words };
}

function takesPreload({ command = '', args }: ConfiguredServer): boolean {
  if (!isNode(command) || isOldNode(command)) return false;
  const script = args[nodeScript(command, args) ?? -1];
  if (script === undefined || script === 'inspect' || GO_BETWEENS.has(scriptName(script))) return false;
  return !nodeOptions(command, args).some((word) => NOT_FOR_PRELOAD.test(word));
}

function isOldNode(path: string): boolean {
  const [, major, minor] = /[\\/@v-](\d+)\.(\d+)\.\d+[\\/]/.exec(path) ?? [];
  if (major === undefined) return false;
  return Number(major) < MIN_NODE[0] || (Number(major) === MIN_NODE[0] && Number(minor) < MIN_NODE[1]);
}
