/**
 * A vitest reporter whose one line closes the run: `N passed, N failed, N skipped`, alone, for whoever reads the end of
 * a log. It counts tests as vitest reports them; a file that could not even be collected counts as one failed.
 */
import type { Reporter, TestModule } from 'vitest/node';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts the tests of the modules, unhandled errors outside of any test as failed. */
export function tally(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const counts: Tally = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return counts;
}

export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

export default class ClosingLine implements Reporter {
  private line = closingLine({ passed: 0, failed: 0, skipped: 0 });

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.line = closingLine(tally(modules, unhandledErrors.length));
    // Coverage prints after this hook; the process's end is the one moment nothing follows.
    process.once('exit', () => process.stdout.write(`${this.line}\n`));
  }
}
