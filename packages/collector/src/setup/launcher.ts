/** How a client starts this product: by absolute paths, because clients have neither a shell nor the user's PATH. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { VitalsError } from '../errors.ts';

export interface Launcher {
  /** Node, and the file of the `mcp-vitals` command. Absolute. */
  node: string;
  bin: string;
  /** `file:` URL of what `node --import` loads. */
  registerUrl: string;
}

const BIN = 'mcp-vitals.mjs';

/** Folders of package runners, which they empty when they like: `npx`, `pnpm dlx`, `yarn dlx`, `bunx`. */
const RUNNER_CACHE = /[\\/](_npx|dlx|dlx-[^\\/]+|bunx-[^\\/]+|xfs-[^\\/]+)[\\/]/;

/** Homebrew's Node lies in a folder of its version, which an upgrade removes; this link stays. */
const HOMEBREW_NODE = /^(.*)[\\/]Cellar[\\/](node(?:@\d+)?)[\\/][^\\/]+[\\/]bin[\\/]node$/;

/**
 * @param script what Node was started with, `process.argv[1]`
 * @param modulePath a file of this package
 */
export function installedLauncher(
  script: string | undefined = process.argv[1],
  modulePath: string = fileURLToPath(import.meta.url),
  node: string = process.execPath,
): Launcher {
  const bin = stableBin(script, join(packageFolder(modulePath), 'bin', BIN));
  return { node: stableNode(node), bin, registerUrl: pathToFileURL(join(dirname(bin), 'register.mjs')).href };
}

/** @throws VitalsError `conflict` when the paths of a launcher may be gone tomorrow */
export function checkStays({ bin }: Launcher): void {
  if (!RUNNER_CACHE.test(bin)) return;
  throw new VitalsError('conflict', `mcp-vitals runs from the cache of a package runner: ${bin}`, {
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

/** The path that the user's package manager keeps over upgrades: the one it was called by, not where its links lead. */
function stableBin(script: string | undefined, bin: string): string {
  if (script === undefined || basename(script) !== BIN || !existsSync(script)) return bin;
  return realpathSync(script) === realpathSync(bin) ? resolve(script) : bin;
}

function stableNode(node: string): string {
  const [, prefix, formula] = HOMEBREW_NODE.exec(node) ?? [];
  const link = prefix === undefined ? node : join(prefix, 'opt', formula!, 'bin', 'node');
  return existsSync(link) ? link : node;
}
