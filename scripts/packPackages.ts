import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packs what is published, as `npm run pack` does, of what is built. Returns the tarballs. @throws Error with what was said */
export function packPackages(into: string): string[] {
  const filters = ['--filter', './packages/*', '--filter', '!@mcp-vitals/dashboard'];
  const args = ['--yes', 'pnpm@10.34.9', ...filters, '-r', 'pack', '--pack-destination', into];
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Packing failed: ${stdout}${stderr}`);
  return readdirSync(into).map((file) => join(into, file));
}
