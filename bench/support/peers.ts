/** The products that we compare with: installed on first use, with npm, beside their manifest and outside of the workspace. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PEERS_DIRECTORY = fileURLToPath(new URL('../peers/', import.meta.url));

/** Does nothing when what the manifest asks for is there already. */
export function installPeers(): void {
  const stamp = `${PEERS_DIRECTORY}node_modules/.installed-for`;
  const manifest = createHash('sha256')
    .update(readFileSync(`${PEERS_DIRECTORY}package.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return;
  console.error('installing the products to compare with');
  const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', args, { cwd: PEERS_DIRECTORY, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, manifest);
}
