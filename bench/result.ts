/** What every benchmark hands over, and how it is shown. One file per question; `scripts/` collects them into one page. */
import { fileURLToPath } from 'node:url';

export interface BenchResult {
  name: string;
  /** The question that the benchmark answers, as a sentence. */
  question: string;
  rows: Record<string, string | number>[];
  targets: Target[];
  /** What a reader must know beside the figures: what was not comparable, where a limit comes from. */
  notes?: readonly string[];
}

export interface Target {
  /** E.g. `merging takes under 100 ms`. */
  target: string;
  /** What was measured, with its unit. */
  value: string;
  met: boolean;
}

/**
 * Runs and prints the benchmark when its file was started directly; does nothing when it was imported.
 * With `--json` each result is one line of JSON. Exits with 1 when a target was missed.
 */
export async function runWhenMain(moduleUrl: string, run: () => Promise<BenchResult>): Promise<void> {
  if (process.argv[1] !== fileURLToPath(moduleUrl)) return;
  const result = await run();
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
  else print(result);
  if (result.targets.some((target) => !target.met)) process.exitCode = 1;
}

function print({ name, question, rows, targets, notes = [] }: BenchResult): void {
  console.log(`${name}: ${question}`);
  console.table(rows);
  for (const { target, value, met } of targets) console.log(`${met ? 'met   ' : 'MISSED'} ${target}: ${value}`);
  for (const note of notes) console.log(note);
}
