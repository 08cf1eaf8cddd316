/** Runs the command line. A failure is a readable line and a hint on stderr; the exit code says that there was one. */
import { createProgram } from './program.ts';

/**
 * A server that we start for its user makes its files as it would without us, and what is written for Prometheus and Grafana is
 * read by users of their own.
 */
const FOR_OTHERS = new Set<string | undefined>(['wrap', 'bench', 'prometheus', 'grafana']);

// Whatever is created, SQLite's files included, is for this user only.
const inheritedUmask = process.umask(0o077);
try {
  const args = process.argv.slice(2);
  if (FOR_OTHERS.has(args[0])) process.umask(inheritedUmask);
  await (await createProgram(args)).parseAsync();
} catch (error) {
  const { describeFailure } = await import('./failure.ts');
  process.stderr.write(`mcp-vitals: ${describeFailure(error)}\n`);
  process.exit(1);
}
