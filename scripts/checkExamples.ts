/** Runs every example's own check, one after another; exits non-zero when one of them does. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const examples = new URL('../examples/', import.meta.url);
const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of folders) {
  const program = fileURLToPath(new URL(`${name}/server.ts`, examples));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', program, '--check'], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`examples/${name} failed its own check`);
    process.exitCode = 1;
  }
}
