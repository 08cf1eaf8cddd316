/**
 * Recognises this product in the commands of a configuration, wherever it is installed and however it is called: by its
 * command, by the path of its file, or through a package runner.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';
import { commandName, nodeScript } from './commandLine.ts';

const COLLECTOR = '@mcp-vitals/collector';
const SDK = '@mcp-vitals/sdk';

/** `npx @mcp-vitals/collector@1.2.3 stdio` and its kin. */
const COLLECTOR_SPEC = /^@mcp-vitals\/collector(@[^/]*)?$/;

/** How far above a file its package.json may be. */
const MAX_DEPTH = 4;

/** What is asked of `mcp-vitals` when a command runs it (`['stdio']`); undefined when it runs something else. */
export function argsOfOwnProgram(command: string, args: readonly string[]): string[] | undefined {
  if (commandName(command) === 'mcp-vitals') return [...args];
  const script = nodeScript(command, args);
  if (script !== undefined) return isOwnScript(args[script]!) ? args.slice(script + 1) : undefined;
  const spec = args.findIndex((arg) => COLLECTOR_SPEC.test(arg.replace(/^--package=/, '')));
  if (spec === -1) return undefined;
  const rest = args.slice(spec + 1);
  while (rest[0] === '--' || rest[0] === 'mcp-vitals') rest.shift();
  return rest;
}

function isOwnScript(path: string): boolean {
  return commandName(path) === 'mcp-vitals' || packageOf(path) === COLLECTOR;
}

/** Whether what `--import` names is the SDK's preload: the SDK's own file, or the one of the collector that loads it. */
export function isPreload(specifier: string): boolean {
  if (specifier === `${SDK}/register`) return true;
  const path = pathOf(specifier);
  if (!/[\\/]register\.[cm]?[jt]s$/.test(path)) return false;
  return /@mcp-vitals[\\/](sdk|collector)[\\/]/.test(path) || [SDK, COLLECTOR].includes(packageOf(path) ?? '');
}

function pathOf(specifier: string): string {
  try {
    return specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  } catch {
    // A URL of another operating system's.
    return specifier;
  }
}

/** The name of the package that a file belongs to, where that can be read. */
function packageOf(path: string): string | undefined {
  let folder = dirname(path);
  for (let depth = 0; depth < MAX_DEPTH; depth += 1, folder = dirname(folder)) {
    try {
      const { name } = parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown };
      return typeof name === 'string' ? name : undefined;
    } catch {
      // None here: the folder above may have one.
    }
  }
  return undefined;
}
