/** From what was measured to what is answered, kept and compared. */
import { Digest } from '@mcp-vitals/sketch';
import type { BenchmarkResources } from '../../model/benchmark.ts';
import { type Baseline, successCount } from '../baseline.ts';
import { baselineJson, parseBaseline } from '../baselineFile.ts';
import { changeWords, verdictOf } from '../compare/changeWords.ts';
import { compareBaselines } from '../compare/compareBaselines.ts';
import type { OpenServer, ServerAddress } from '../connect/openServer.ts';
import { environmentOf } from '../environment.ts';
import { isLate, latenessWords } from '../load/lateness.ts';
import { loadOfPace } from '../load/pace.ts';
import { DEFAULT_TARGETS } from '../summary.ts';
import { figuresOf, iterationOf, joinedRun } from './figures.ts';
import type { BenchmarkJob, BenchmarkResult, JobComparison } from './job.ts';
import type { Measured } from './runBenchmark.ts';

/** What is said of a comparison is as sure as what `mcp-vitals bench` says. */
const COMPARISON = { percent: 5, minChangeMs: 1, confidencePercent: 99 };

export interface ResultContext {
  job: BenchmarkJob;
  server: Pick<OpenServer, 'identity'>;
  address: ServerAddress;
  /** ISO 8601. */
  startedAt: string;
}

export function resultOf(measured: Measured, context: ResultContext): BenchmarkResult {
  const { pace, phases, saturation, endedBecause } = measured;
  const baseline = phases.length === 0 ? undefined : baselineOf(measured, context);
  const [run] = baseline?.tools ?? [];
  const before = context.job.compareWith === undefined ? undefined : parseBaseline(context.job.compareWith);
  const compared = before && baseline && compareBaselines(before, baseline, COMPARISON);
  return {
    server: context.server.identity,
    callers: pace.kind === 'closed' ? pace.callers : null,
    offeredPerSecond: pace.kind === 'open' && saturation === undefined ? pace.perSecond : null,
    figures: run === undefined ? null : figuresOf(run, phases),
    iterations: phases.map(iterationOf),
    resources: resourcesOf(measured),
    saturation: saturation ?? null,
    comparison: compared === undefined ? null : comparisonOf(compared),
    // A comparison says of both runs whether the machine was busy.
    warnings: [...latenessOf(measured), ...(compared?.warnings ?? busyWords(baseline))],
    endedBecause: endedBecause ?? null,
    baseline: baseline === undefined ? null : JSON.stringify(baselineJson(baseline, DEFAULT_TARGETS)),
  };
}

function baselineOf(
  { phases, pace, endedBecause }: Measured,
  { job, server, address, startedAt }: ResultContext,
): Baseline {
  const run = joinedRun(job.tool, phases);
  return {
    createdAt: startedAt,
    server: server.identity,
    environment: environmentOf(address),
    load: {
      calls: phases.reduce((sum, { calls }) => sum + calls, 0),
      warmUpCalls: 0,
      ...loadOfPace(pace),
      rounds: run.rounds.length,
      timeoutMs: job.timeoutMs,
      maxToolMs: job.durationMs,
      source: job.arguments === undefined ? 'schemas' : 'script',
    },
    tools: [run],
    notMeasured: [],
    endedBecause,
  };
}

function comparisonOf(comparison: ReturnType<typeof compareBaselines>): JobComparison {
  const changes = comparison.tools.flatMap(({ metrics }) => metrics);
  return {
    isWorse: comparison.isWorse,
    words: verdictOf(comparison),
    changes: changes.map((change) => ({
      metric: change.metric,
      before: change.before,
      now: change.now,
      verdict: change.verdict,
      words: changeWords(change),
    })),
  };
}

function resourcesOf({ usage, phases }: Measured): BenchmarkResources | null {
  if (usage === undefined) return null;
  const answered = phases.reduce((sum, phase) => sum + successCount(phase), 0);
  const { cpuPercent, cpuMs, memoryMb } = usage;
  const cpuMsPerCall = answered === 0 ? null : cpuMs / answered;
  return { source: 'process', cpuPercent, cpuMsPerCall, memoryMb, eventLoopDelayMs: null };
}

function latenessOf({ pace, phases }: Measured): string[] {
  if (pace.kind === 'closed' || phases.length === 0) return [];
  const lag = Digest.merge(phases.map((phase) => phase.lag));
  return isLate(lag, phases) ? [latenessWords(lag)] : [];
}

/** Processes for each processor, above which others have a share in the figures. */
const BUSY = 1.5;

function busyWords(baseline: Baseline | undefined): string[] {
  if (baseline === undefined) return [];
  const { busyProcesses, cpus } = baseline.environment;
  if (busyProcesses <= BUSY * cpus) return [];
  return [`the machine was busy: ${busyProcesses.toFixed(1)} processes wanted its ${cpus} processors`];
}
