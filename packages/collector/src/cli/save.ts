/** Writes what a command made into a file. */
import { writeFileSync } from 'node:fs';
import { VitalsError } from '../errors.ts';

/** For its owner only, like all that the command makes. @throws VitalsError `invalid` */
export function save(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch (error) {
    throw new VitalsError('invalid', `${path} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  console.log(`Written to ${path}`);
}
