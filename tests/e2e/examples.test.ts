/** Every example checks itself against a collector of its own; here they are asked to. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const examples = new URL('../../examples/', import.meta.url);
const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());

it.each(folders.map(({ name }) => name))(
  'examples/%s passes its own check',
  async (name) => {
    const program = fileURLToPath(new URL(`${name}/server.ts`, examples));
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, '--check'], { env });
    expect(stdout).toMatch(/^example-\w+: /m);
  },
  60_000,
);
