/** Where the files are that are built with the collector and served as they are. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The directory `dist/dashboard` of this package: `page` and `views` are in it. Found from wherever this module is run, a
 * built chunk or its source.
 */
export function builtFilesDir(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'dist', 'dashboard');
}
