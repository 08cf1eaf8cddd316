/**
 * `mcp-vitals bench`: calls every tool of a server many times, says how long that took against targets, and what changed
 * since an earlier run. What decides over exit codes is here; what is printed, in `bench/`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Baseline } from '../baseline/baseline.ts';
import { baselineJson, parseBaseline } from '../baseline/baselineFile.ts';
import { type BaselineComparison, compareBaselines } from '../baseline/compare/compareBaselines.ts';
import { summarise, type Targets } from '../baseline/summary.ts';
import { VitalsError } from '../errors.ts';
import { describeComparison } from './bench/comparisonReport.ts';
import { baselineMarkdown } from './bench/markdown.ts';
import { type BenchFlags, compareOptionsOf, runOptionsOf, withBenchOptions } from './bench/options.ts';
import { describeBaseline } from './bench/report.ts';
import { runBench } from './bench/run.ts';
import { targetsOf } from './bench/targets.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { shownName } from './terminal/width.ts';

/** The run is not what was asked for: the server ended, or a tool stopped answering. */
const INCOMPLETE_CODE = 2;

export function benchCommand(program: Command): void {
  withBenchOptions(program.command('bench')).action(async (words: string[], flags: BenchFlags) => {
    const targets = targetsOf(flags.target);
    const before = flags.compare === undefined ? undefined : readBaseline(flags.compare);
    if (flags.with !== undefined) {
      if (before === undefined || words.length > 0)
        throw new VitalsError('invalid', '--with goes with --compare, and without a command');
      return printComparison(compareBaselines(before, readBaseline(flags.with), compareOptionsOf(flags)), flags);
    }
    const outcome = await runBench(runOptionsOf(words, flags));
    if (outcome === undefined) return;
    const { baseline, against, exitCode } = outcome;
    const earlier = against ?? before;
    const options = { ...compareOptionsOf(flags), isPaired: against !== undefined };
    const comparison = earlier && compareBaselines(earlier, baseline, options);
    write(baseline, comparison, targets, flags);
    const failures = flags.check ? failuresOf(baseline, targets) : [];
    for (const failure of failures) process.stderr.write(`mcp-vitals: --check: ${failure}\n`);
    const isFailed = failures.length > 0 || comparison?.isWorse;
    process.exitCode = exitCode ?? (isIncomplete(baseline) ? INCOMPLETE_CODE : isFailed ? 1 : 0);
  });
}

function write(
  baseline: Baseline,
  comparison: BaselineComparison | undefined,
  targets: Targets,
  { save, markdown, json }: BenchFlags,
): void {
  const saved = baselineJson(baseline, targets);
  // An earlier baseline is worth more than one of nothing.
  const isEmpty = baseline.tools.every(({ rounds }) => rounds.length === 0);
  if (save !== undefined && (!isEmpty || !existsSync(save))) writeFileSync(save, `${JSON.stringify(saved, null, 1)}\n`);
  if (markdown !== undefined) writeFileSync(markdown, baselineMarkdown(baseline, targets, comparison));
  printAnswer(json, { baseline: saved, ...(comparison && { comparison }) }, () => {
    const style = styleOfStdout();
    const parts = [describeBaseline(baseline, targets, style)];
    if (comparison) parts.push(describeComparison(comparison, style));
    return parts.join('\n\n');
  });
}

function printComparison(comparison: BaselineComparison, { json }: BenchFlags): void {
  printAnswer(json, { comparison }, () => describeComparison(comparison, styleOfStdout()));
  if (comparison.isWorse) process.exitCode = 1;
}

/** A tool that does not work misses its targets; one that was left out does not. */
function failuresOf(baseline: Baseline, targets: Targets): string[] {
  const missing = summarise(baseline, targets).filter(({ missed }) => missed.length > 0);
  const broken = baseline.notMeasured.filter(({ isFailure }) => isFailure);
  const list = (tools: readonly { tool: string }[]) => tools.map(({ tool }) => shownName(tool)).join(', ');
  return [
    ...(missing.length === 0 ? [] : [`targets are missed by ${list(missing)}`]),
    ...(broken.length === 0 ? [] : [`these do not work and were not measured: ${list(broken)}`]),
  ];
}

function isIncomplete({ endedBecause, tools }: Baseline): boolean {
  return endedBecause !== undefined || tools.some(({ endedEarly }) => endedEarly?.isFailure);
}

function readBaseline(file: string): Baseline {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new VitalsError('not_found', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return parseBaseline(text);
}
