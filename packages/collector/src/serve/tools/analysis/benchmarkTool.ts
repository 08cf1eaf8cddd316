/** Puts a tool under a load and says how it did, against an earlier time as well. Of what the settings allow, nothing else. */
import { z } from 'zod';
import { VitalsError } from '../../../errors.ts';
import {
  BENCHMARK_MODES,
  type BenchmarkReport,
  type BenchmarkRequest,
  LOAD_PROFILES,
} from '../../../model/benchmark.ts';
import { nameParam } from '../../params.ts';
import type { Services } from '../../ports/services.ts';
import { defineTool } from '../defineTool.ts';
import { benchmarkMarkdown } from './benchmarkMarkdown.ts';
import { benchmarkText } from './benchmarkWords.ts';

/** The word of the caller for a tool that may destroy something. */
export const CONSENT = 'I accept changes';

const METRICS = ['execution_time', 'throughput', 'errors', 'cpu', 'memory', 'event_loop_delay'] as const;
type Metric = (typeof METRICS)[number];

const baselineName = z.string().min(1).max(100);

const input = z.strictObject({
  target: nameParam.describe('Of the setting benchmarks.targets'),
  tool: nameParam,
  loadProfile: z.enum(LOAD_PROFILES).default('normal'),
  mode: z.enum(BENCHMARK_MODES).default('closed').describe('open: calls start on time, answered or not'),
  rate: z.number().min(0.01).max(10_000).optional().describe('open: calls/s'),
  concurrency: z.number().int().min(1).max(1_000).optional().describe('closed: callers'),
  bursty: z.boolean().default(false),
  warmUpSeconds: z.number().min(0.1).max(600).optional(),
  iterations: z.number().int().min(1).max(100).default(10),
  durationSeconds: z.number().min(1).max(3_600).default(60).describe('All iterations'),
  metrics: z.array(z.enum(METRICS)).min(1).optional(),
  compareBaseline: z.union([z.boolean(), baselineName]).default(true).describe('true: the newest of this load'),
  saveBaseline: baselineName.optional(),
  findSaturation: z.boolean().default(false),
  report: z.boolean().default(false).describe('Markdown too'),
  consent: z.literal(CONSENT).optional().describe('For tools that may destroy'),
});

export const benchmarkTool = defineTool({
  name: 'benchmark_tool',
  title: 'Benchmark a tool',
  description:
    'Call a tool under load: durations, throughput, errors, resources, against a baseline; or where it saturates. Only what the settings allow.',
  scope: 'admin',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input,
  output: z.looseObject({ endedBecause: z.string().nullable(), savedAs: z.string().nullable() }),

  durationMs: (args) => warmUpMsOf(args) + 1_000 * args.durationSeconds,

  async run(args, { benchmarks }: Pick<Services, 'benchmarks'>, { caller, signal, onProgress }) {
    const report = await benchmarks.run(requestOf(args), {
      by: caller.client,
      signal,
      onProgress: ({ doneMs, totalMs, doing }) =>
        onProgress?.({ progress: doneMs / 1_000, total: totalMs / 1_000, message: doing }),
    });
    const shown = withMetrics(report, args.metrics);
    const structured = { ...shown, ...(args.report && { report: benchmarkMarkdown(shown) }) };
    return { structured, text: benchmarkText(shown) };
  },
});

/** A tenth of the duration, as long as that is neither nothing nor for ever. */
const WARM_UP_SHARE = 0.1;
const WARM_UP_SECONDS: readonly [least: number, most: number] = [1, 10];

/** @throws VitalsError `invalid` for what contradicts itself */
function requestOf(args: z.output<typeof input>): BenchmarkRequest {
  const { target, tool, mode, rate, concurrency, durationSeconds, compareBaseline: compare } = args;
  if (mode === 'closed' && rate !== undefined)
    throw new VitalsError('invalid', 'rate is of an open loop', { hint: 'Give `mode: "open"` as well.' });
  if (args.findSaturation && args.saveBaseline !== undefined) {
    throw new VitalsError('invalid', 'A search for saturation makes no baseline', {
      hint: 'Save one of a benchmark without `findSaturation` (`--saturation`).',
    });
  }
  return {
    target,
    tool,
    profile: args.loadProfile,
    mode,
    callers: concurrency,
    perSecond: rate,
    isBursty: args.bursty,
    warmUpMs: warmUpMsOf(args),
    iterations: args.iterations,
    durationMs: 1_000 * durationSeconds,
    compareWith: compare === true ? 'latest' : compare === false ? 'nothing' : { name: compare },
    saveAs: args.saveBaseline,
    findsSaturation: args.findSaturation,
    acceptsChanges: args.consent !== undefined,
  };
}

function warmUpMsOf({ warmUpSeconds, durationSeconds }: z.output<typeof input>): number {
  const [least, most] = WARM_UP_SECONDS;
  return 1_000 * (warmUpSeconds ?? Math.min(most, Math.max(least, WARM_UP_SHARE * durationSeconds)));
}

/** Without what was not asked for. */
function withMetrics(report: BenchmarkReport, metrics: readonly Metric[] | undefined): BenchmarkReport {
  if (metrics === undefined) return report;
  const wants = (...any: Metric[]) => any.some((metric) => metrics.includes(metric));
  const { figures, resources } = report;
  return {
    ...report,
    figures: wants('execution_time', 'throughput', 'errors') ? figures : null,
    iterations: wants('execution_time', 'throughput', 'errors') ? report.iterations : [],
    resources: wants('cpu', 'memory', 'event_loop_delay') ? resources : null,
  };
}
