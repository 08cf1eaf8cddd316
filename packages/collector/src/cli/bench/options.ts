/** The options of `mcp-vitals bench`, and what was typed as what it means. */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { CompareOptions } from '../../baseline/compare/compareBaselines.ts';
import type { ServerAddress } from '../../baseline/connect/openServer.ts';
import { MAX_OUTSTANDING, type Pace } from '../../baseline/load/pace.ts';
import { parseScript, type ScriptCall } from '../../baseline/plan/script.ts';
import { DEFAULT_TARGETS } from '../../baseline/summary.ts';
import { VitalsError } from '../../errors.ts';
import { TIME_TOLERANCE_MS } from '../../model/intervals.ts';
import type { ServerCommand } from '../../serverProcess.ts';
import { httpAddress } from '../httpAddress.ts';
import { number, whole } from './numbers.ts';
import { targetWords } from './targets.ts';

export interface BenchFlags {
  url?: string;
  header: string[];
  calls: string;
  rounds?: string;
  concurrency?: string;
  rate?: string;
  bursty?: boolean;
  warmup?: string;
  timeout: string;
  startTimeout: string;
  maxTime: string;
  seed: string;
  tool: string[];
  script?: string;
  includeDestructive?: boolean;
  dryRun?: boolean;
  showErrors?: boolean;
  target: string[];
  check?: boolean;
  markdown?: string;
  save?: string;
  json?: boolean;
  compare?: string;
  with?: string;
  against?: string;
  tolerance: string;
  minChange: string;
  confidence: string;
}

export interface RunOptions {
  address: ServerAddress;
  /** The same command in another directory, to be called in turn with this one. */
  against: ServerAddress | undefined;
  calls: number;
  rounds: number;
  pace: Pace;
  warmUpCalls: number;
  timeoutMs: number;
  maxToolMs: number;
  startMs: number;
  seed: number;
  /** Patterns of names; undefined: all. */
  only: readonly string[] | undefined;
  script: readonly ScriptCall[] | undefined;
  includeDestructive: boolean;
  isDryRun: boolean;
  showsErrors: boolean;
}

const collect = (value: string, before: string[]): string[] => [...before, value];

const HELP = `
Targets are p50, p95, p99 (milliseconds) and errors (per cent), e.g. --target p95=250 --target errors=1. By default
${targetWords(DEFAULT_TARGETS)}; a figure has to be below.
Exit codes: 1 when something is wrong, worse (--compare) or missed (--check); 2 when the server ended or hung.
The server runs with MCP_VITALS=off unless MCP_VITALS is set, so that nothing of it is recorded by a collector.`;

export function withBenchOptions(command: Command): Command {
  return command
    .description("call every tool of a server many times; durations against targets, and against an earlier run's")
    .argument('[command...]', 'the command that starts the server on stdio, after --')
    .option('--url <url>', 'a server over Streamable HTTP instead of a command')
    .option('--header <name: value>', 'with --url: sent along; repeatable', collect, [])
    .option('--calls <number>', 'of each tool', '100')
    .option('--concurrency <number>', 'calls at a time (default: 1)')
    .option(
      '--rate <number>',
      'calls of all tools that start in a second, whatever is answered, instead of --concurrency',
    )
    .option('--bursty', 'with --rate: at random times, as independent clients come, not at equal distances')
    .option('--warmup <number>', 'calls of each tool before those that count, at least 1 (default: a tenth of --calls)')
    .option('--timeout <seconds>', 'for a call', '10')
    .option('--max-time <seconds>', 'that the calls of a tool may take together', '60')
    .option('--start-timeout <seconds>', 'for the start of the server', '60')
    .option('--tool <pattern>', 'only these, * stands for anything; repeatable', collect, [])
    .option('--script <file>', 'the calls to make, as JSON or a call per line')
    .option('--include-destructive', 'call tools as well that say that they destroy things')
    .option('--dry-run', 'make no call; print those that would be made as a script')
    .option('--show-errors', "print what a tool's first call failed with")
    .option('--target <name=value>', 'a target instead of a default; repeatable', collect, [])
    .option('--check', 'exit with 1 when a target is missed')
    .option('--markdown <file>', 'write the table there')
    .option('--save <file>', 'write the baseline there, for --compare')
    .option('--json', 'print the baseline, and what changed, as JSON')
    .option('--compare <file>', 'say what changed since this baseline; exit with 1 when it is worse')
    .option('--against <directory>', 'compare with the same command in this directory, call by call in turn')
    .option('--with <file>', 'compare this baseline, and run nothing')
    .option('--tolerance <percent>', 'changes of quantiles that do not matter', '5')
    .option('--min-change <ms>', 'differences of quantiles that do not matter', String(TIME_TOLERANCE_MS))
    .option('--confidence <percent>', 'how sure it has to be that something is worse', '99')
    .option('--rounds <number>', 'that the calls are divided into (default: one for five calls, at most 400)')
    .option('--seed <number>', 'of the order of the calls', '1')
    .passThroughOptions()
    .addHelpText('after', HELP);
}

/** @throws VitalsError `invalid` for what cannot be meant */
export function runOptionsOf(words: readonly string[], flags: BenchFlags): RunOptions {
  const calls = whole('--calls', flags.calls, 1, 10_000_000);
  const rounds = flags.rounds === undefined ? defaultRounds(calls) : whole('--rounds', flags.rounds, 1, 10_000);
  return {
    address: addressOf(words, flags),
    against: againstOf(words, flags),
    calls,
    rounds: Math.min(rounds, calls),
    pace: paceOf(flags),
    warmUpCalls: whole('--warmup', flags.warmup ?? String(Math.ceil(calls / 10)), 1, 10_000_000),
    timeoutMs: 1_000 * number('--timeout', flags.timeout, 0.001, 3_600),
    maxToolMs: 1_000 * number('--max-time', flags.maxTime, 0.001, 86_400),
    startMs: 1_000 * number('--start-timeout', flags.startTimeout, 0.001, 3_600),
    seed: whole('--seed', flags.seed, 0, 2 ** 31),
    only: flags.tool.length === 0 ? undefined : flags.tool,
    script: flags.script === undefined ? undefined : parseScript(readText(flags.script)),
    includeDestructive: flags.includeDestructive ?? false,
    isDryRun: flags.dryRun ?? false,
    showsErrors: flags.showErrors ?? false,
  };
}

function paceOf({ concurrency, rate, bursty }: BenchFlags): Pace {
  if (rate === undefined) {
    if (bursty) throw new VitalsError('invalid', '--bursty goes with --rate');
    return { kind: 'closed', callers: whole('--concurrency', concurrency ?? '1', 1, 10_000) };
  }
  if (concurrency !== undefined) throw new VitalsError('invalid', 'Give --concurrency or --rate, not both');
  const perSecond = number('--rate', rate, 0.01, 10_000);
  return { kind: 'open', perSecond, arrivals: bursty ? 'poisson' : 'constant', maxOutstanding: MAX_OUTSTANDING };
}

/** Few calls a round, so that noise that lasts shows between rounds; not too many rounds, which have to be kept. */
function defaultRounds(calls: number): number {
  return Math.min(400, Math.ceil(calls / 5));
}

export function compareOptionsOf({ tolerance, minChange, confidence }: BenchFlags): CompareOptions {
  return {
    percent: number('--tolerance', tolerance, 0.1, 1_000),
    minChangeMs: number('--min-change', minChange, 0, 1e6),
    confidencePercent: number('--confidence', confidence, 50, 99.99),
  };
}

function addressOf([command, ...args]: readonly string[], { url, header }: BenchFlags): ServerAddress {
  if (url !== undefined) {
    if (command !== undefined) throw new VitalsError('invalid', 'bench takes a command or --url, not both');
    return { url: httpAddress('--url', url), headers: Object.fromEntries(header.map(headerOf)) };
  }
  if (command === undefined) {
    throw new VitalsError('invalid', 'bench needs the command that starts the server, or --url', {
      hint: 'E.g. mcp-vitals bench -- node server.js',
    });
  }
  return { command, args, env: { ...process.env, MCP_VITALS: process.env.MCP_VITALS ?? 'off' } };
}

/** A command that is the same, e.g. `node server.js`, in the directory of another version. */
function againstOf(words: readonly string[], flags: BenchFlags): ServerAddress | undefined {
  if (flags.against === undefined) return undefined;
  if (flags.url !== undefined || flags.compare !== undefined) {
    throw new VitalsError('invalid', '--against goes with a command, and without --compare', {
      hint: 'It starts the same command in two directories.',
    });
  }
  if (!existsSync(flags.against)) throw new VitalsError('not_found', `--against ${flags.against}: no such directory`);
  return { ...(addressOf(words, flags) as ServerCommand), cwd: flags.against };
}

function headerOf(typed: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  // What was typed may be a secret.
  throw new VitalsError('invalid', '--header needs a name and a value', { hint: "E.g. --header 'Authorization: ...'" });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new VitalsError('not_found', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
