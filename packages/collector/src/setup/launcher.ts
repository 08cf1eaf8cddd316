/** How a client starts this product: by absolute paths, because clients have neither a shell nor the user's PATH. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { VitalsError } from '../errors.ts';

export interface Launcher {
  /** Node, and the file of the `mcp-vitals` command. Absolute. */
  node: string;
  bin: string;
  /** `file:` URL of what `node --import` loads. */
  registerUrl: string;
}

/** Folders of package runners, which they empty when they like: `npx`, `pnpm dlx`, `yarn dlx`, `bunx`. */
const RUNNER_CACHE = /[\\/](_npx|dlx|dlx-[^\\/]+|bunx-[^\\/]+|xfs-[^\\/]+)[\\/]/;

/** Homebrew's Node lies in a folder of its version, which an upgrade removes; the link `opt/node` stays. */
const HOMEBREW_NODE = /^(.*)[\\/]Cellar[\\/](node(?:@\d+)?)[\\/][^\\/]+[\\/]bin[\\/]node$/;

/** So do packages of pnpm; the link beside its store stays. */
const PNPM_PACKAGE = /^(.*?)(?:[\\/]node_modules)?[\\/]\.pnpm[\\/].*[\\/]@mcp-vitals[\\/]collector$/;

/**
 * @param modulePath a file of this package
 * @param nodePath the Node that runs
 */
export function installedLauncher(
  modulePath: string = fileURLToPath(import.meta.url),
  nodePath: string = process.execPath,
): Launcher {
  const folder = join(stablePackage(packageFolder(modulePath)), 'bin');
  const registerUrl = pathToFileURL(join(folder, 'register.mjs')).href;
  return { node: stableNode(nodePath), bin: join(folder, 'mcp-vitals.mjs'), registerUrl };
}

/** @throws VitalsError `conflict` when the paths of a launcher may be gone tomorrow */
export function checkStays({ node, bin }: Launcher): void {
  const cached = [bin, node].find((path) => RUNNER_CACHE.test(path));
  if (cached === undefined) return;
  throw new VitalsError('conflict', `${cached} is in the cache of a package runner`, {
    hint: 'A client would not start once that is emptied. Install it: npm install --global @mcp-vitals/collector',
  });
}

function packageFolder(path: string): string {
  let folder = dirname(path);
  while (!isPackage(folder)) {
    if (folder === dirname(folder)) throw new Error(`${path} is not inside of a package`);
    folder = dirname(folder);
  }
  return folder;
}

function isPackage(folder: string): boolean {
  const path = join(folder, 'package.json');
  return (
    existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === '@mcp-vitals/collector'
  );
}

function stablePackage(folder: string): string {
  const [, root] = PNPM_PACKAGE.exec(folder) ?? [];
  return preferLink(folder, root && join(root, 'node_modules', '@mcp-vitals', 'collector'));
}

function stableNode(path: string): string {
  const [, prefix, formula] = HOMEBREW_NODE.exec(path) ?? [];
  return preferLink(path, prefix && join(prefix, 'opt', formula!, 'bin', 'node'));
}

/** A link only counts when it leads to the very same place now. */
function preferLink(path: string, link: string | undefined): string {
  return link !== undefined && existsSync(link) && realpathSync(link) === realpathSync(path) ? link : path;
}
