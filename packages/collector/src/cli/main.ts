/** Runs the command line. A failure is one readable line and a hint on stderr; the exit code says that there was one. */
import { VitalsError } from '../errors.ts';
import { createProgram } from './program.ts';

/** What a person sees of a failure; the stack only where the failure is ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof VitalsError) return [error.message, error.hint].filter(Boolean).join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// Whatever is created, SQLite's files included, is for this user only.
process.umask(0o077);
try {
  await createProgram().parseAsync();
} catch (error) {
  process.stderr.write(`mcp-vitals: ${describeFailure(error)}\n`);
  process.exit(1);
}
