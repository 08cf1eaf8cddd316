/** Where the files are that are built with the collector and served as they are. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VitalsError } from '../errors.ts';

/**
 * The directory `dist/dashboard` of this package: `page` and `views` are in it. Found from wherever this module is run, a
 * built chunk or its source.
 */
export function builtFilesDir(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'dist', 'dashboard');
}

/**
 * @param path below `builtFilesDir()`, with slashes
 * @throws VitalsError `internal` when it has not been built
 */
export function readBuiltFile(path: string): string {
  const file = join(builtFilesDir(), ...path.split('/'));
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new VitalsError('internal', `${file} is absent`, {
      cause: error,
      hint: 'Install the package again; in the repository, build it: `npx turbo run build`.',
    });
  }
}
