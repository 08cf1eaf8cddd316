/** The report of a benchmark: what its process measured, with what the collector knows besides, and kept where that is wanted. */
import type { Clock } from '../../clock.ts';
import type { BenchmarkReport, BenchmarkRequest, BenchmarkResources } from '../../model/benchmark.ts';
import type { Store } from '../../store/store.ts';
import type { BenchmarkResult } from './job.ts';
import type { KeptBaseline, KeptRuns } from './keptRuns.ts';

export interface ReportDeps {
  store: Pick<Store, 'readResources'>;
  clock: Pick<Clock, 'nowMs'>;
  kept: KeptRuns;
}

export interface Outcome {
  request: BenchmarkRequest;
  result: BenchmarkResult;
  before: KeptBaseline | undefined;
  startedMs: number;
}

/** Saves the baseline where the request says so and the benchmark lasted as long as it should. */
export async function reportOf(
  deps: ReportDeps,
  { request, result, before, startedMs }: Outcome,
): Promise<BenchmarkReport> {
  const { target, tool, profile, mode } = request;
  const { baseline, comparison, resources, ...measured } = result;
  const startedAt = new Date(startedMs).toISOString();
  const isWhole = baseline !== null && result.endedBecause === null;
  const savedAs = request.saveAs !== undefined && isWhole ? request.saveAs : null;
  if (savedAs !== null) {
    const { callers, offeredPerSecond } = result;
    const subject = { target, tool, profile, mode };
    await deps.kept.saveBaseline({
      ...subject,
      name: savedAs,
      measuredAt: startedAt,
      callers,
      offeredPerSecond,
      baseline: baseline!,
    });
  }
  return {
    startedAt,
    target,
    tool,
    profile,
    mode,
    ...measured,
    resources: resources ?? (await reportedResources(deps, result, startedMs)),
    comparison: comparison === null ? null : { baseline: before!.name, measuredAt: before!.measuredAt, ...comparison },
    savedAs,
  };
}

/** Of a server that somebody else started: what it told itself meanwhile, if it is monitored. */
async function reportedResources(
  { store, clock }: ReportDeps,
  { server }: BenchmarkResult,
  fromMs: number,
): Promise<BenchmarkResources | null> {
  const [reported] = await store.readResources({ fromMs, toMs: clock.nowMs() }, server.name, 'range');
  if (reported === undefined) return null;
  return {
    source: 'monitoring',
    cpuPercent: reported.cpuPercentAvg,
    cpuMsPerCall: null,
    memoryMb: reported.memoryMbMax,
    eventLoopDelayMs: reported.eventLoopDelayMsMax,
  };
}
