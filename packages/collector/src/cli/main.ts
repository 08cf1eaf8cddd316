/** Runs the command line. A failure is a readable line and a hint on stderr; the exit code says that there was one. */
import { describeFailure } from './failure.ts';
import { createProgram } from './program.ts';

// Whatever is created, SQLite's files included, is for this user only.
process.umask(0o077);
try {
  await createProgram().parseAsync();
} catch (error) {
  process.stderr.write(`mcp-vitals: ${describeFailure(error)}\n`);
  process.exit(1);
}
