/**
 * `mcp-vitals benchmark`: has the collector put one of its targets under a load, as the tool `benchmark_tool` does. For a server
 * that is at hand, `mcp-vitals bench` needs no collector.
 */
import { type Command, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { BENCHMARK_MODES, LOAD_PROFILES } from '../model/benchmark.ts';
import { number, whole } from './bench/numbers.ts';
import { callLive } from './callLive.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { printAnswer } from './terminal/output.ts';

interface BenchmarkFlags extends ConfigFlags {
  profile: string;
  mode: string;
  rate?: string;
  concurrency?: string;
  bursty?: boolean;
  warmup?: string;
  iterations: string;
  duration: string;
  /** A name; true for the newest, false for none. */
  compare: string | boolean;
  save?: string;
  saturation?: boolean;
  acceptChanges?: boolean;
  markdown?: boolean;
  json?: boolean;
}

/** A comparison that is worse fails, and so does a load that ended early, as those of `mcp-vitals bench` do. */
const WORSE_CODE = 1;
const ENDED_EARLY_CODE = 2;

export function benchmarkCommand(program: Command): void {
  withConfigOptions(
    program
      .command('benchmark')
      .description('have the collector put a tool of one of its targets (benchmarks.targets) under a load')
      .argument('<target>', 'its name in the settings')
      .argument('<tool>', 'one that the settings allow')
      .addOption(new Option('--profile <load>', 'how heavy').choices(LOAD_PROFILES).default('normal'))
      .addOption(
        new Option('--mode <loop>', 'closed: callers wait for answers; open: calls start on time')
          .choices(BENCHMARK_MODES)
          .default('closed'),
      )
      .option('--rate <number>', 'of an open loop: calls a second (default: of the baseline, else by the profile)')
      .option('--concurrency <number>', 'of a closed loop: calls at a time (default: by the profile)')
      .option('--bursty', 'of an open loop: at random times, as independent clients come')
      .option('--warmup <seconds>', 'before what counts (default: a tenth of --duration)')
      .option('--iterations <number>', 'that the duration is divided into', '10')
      .option('--duration <seconds>', 'of all iterations together', '60')
      .option('--compare <name>', 'with this baseline (default: the newest of the same load); exit with 1 when worse')
      .option('--no-compare', 'with none')
      .option('--save <name>', 'as a baseline to compare with')
      .option('--saturation', 'look for the rate that it saturates at')
      .option('--accept-changes', 'for a tool that may destroy something, which the settings allow')
      .option('--markdown', 'print a document to be kept')
      .option('--json', 'as JSON'),
  ).action(benchmark);
}

async function benchmark(target: string, tool: string, flags: BenchmarkFlags): Promise<void> {
  const durationSeconds = number('--duration', flags.duration, 1, 3_600);
  const args = {
    target,
    tool,
    ...loadOf(flags),
    durationSeconds,
    iterations: whole('--iterations', flags.iterations, 1, 100),
    compareBaseline: flags.compare,
    ...(flags.save !== undefined && { saveBaseline: flags.save }),
    findSaturation: flags.saturation ?? false,
    report: flags.markdown ?? false,
    ...(flags.acceptChanges && { consent: 'I accept changes' }),
  };
  const { dataDir } = configOf(flags).config;
  const who = { client: 'benchmark', scope: 'admin' } as const;
  const { structured, text } = await callLive(dataDir, 'benchmark_tool', args, who);
  printAnswer(flags.json, structured, () => (flags.markdown ? String(structured.report).trimEnd() : text));
  const comparison = structured.comparison as { isWorse: boolean } | null;
  if (structured.endedBecause !== null) process.exitCode = ENDED_EARLY_CODE;
  else if (comparison?.isWorse) process.exitCode = WORSE_CODE;
}

function loadOf({ profile, mode, rate, concurrency, bursty, warmup }: BenchmarkFlags): object {
  return {
    loadProfile: profile,
    mode,
    ...(rate !== undefined && { rate: number('--rate', rate, 0.01, 10_000) }),
    ...(concurrency !== undefined && { concurrency: whole('--concurrency', concurrency, 1, 1_000) }),
    ...(bursty && { bursty }),
    ...(warmup !== undefined && { warmUpSeconds: number('--warmup', warmup, 0.1, 600) }),
  };
}
