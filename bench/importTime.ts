/**
 * What does importing the SDK add to the start of a server? A bare Node process against one that imports the built
 * package and does nothing else; medians over interleaved runs, process start and end included.
 */

import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type BenchResult, runWhenMain } from './result.ts';
import { median } from './support/median.ts';

const RUNS = 15;
const MAX_ADDED_MS = 30;

const PROGRAMS: Record<string, string> = {
  'bare node': '',
  'import @mcp-vitals/sdk': "import '@mcp-vitals/sdk';",
  'import node:http, as the first batch does': "import 'node:http';",
};

/** Programs are resolved from here, where the built packages are installed. */
const DIRECTORY = fileURLToPath(new URL('../packages/sdk/', import.meta.url));

function runMs(program: string): number {
  const startedMs = performance.now();
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: DIRECTORY });
  return performance.now() - startedMs;
}

export async function run(): Promise<BenchResult> {
  const names = Object.keys(PROGRAMS);
  const times = names.map((): number[] => []);
  for (let round = 0; round < RUNS; round += 1) {
    for (const [index, name] of names.entries()) times[index]!.push(runMs(PROGRAMS[name]!));
  }
  const added = times.map((own) => median(own.map((ms, round) => ms - times[0]![round]!)));
  const ours = added[1]!;
  return {
    name: 'importTime',
    question: 'What does importing the SDK add to the start of a server?',
    rows: names.map((program, index) => ({
      program,
      'ms in all': median(times[index]!).toFixed(1),
      'added ms': added[index]!.toFixed(1),
    })),
    targets: [
      {
        target: `importing the SDK adds under ${MAX_ADDED_MS} ms`,
        value: `${ours.toFixed(1)} ms`,
        met: ours < MAX_ADDED_MS,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
