/**
 * Benchmarks on behalf of others: of what the settings name and nothing else, so many at a time, each in a process of its own,
 * written down when it begins and when it ends.
 */
import type { Clock } from '../../clock.ts';
import type { BenchmarkTarget, Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import type { BenchmarkReport, BenchmarkRequest, RunningBenchmark } from '../../model/benchmark.ts';
import type { Audit } from '../../serve/ports/audit.ts';
import type { BenchmarkControl, Benchmarks } from '../../serve/ports/benchmarks.ts';
import type { Store } from '../../store/store.ts';
import { recordEnd, recordStart } from './auditLines.ts';
import type { BenchmarkJob } from './job.ts';
import { type KeptBaseline, KeptRuns } from './keptRuns.ts';
import { reportOf } from './report.ts';
import { runInProcess } from './runnerProcess.ts';
import { addressOf, permittedTarget } from './targets.ts';

export interface BenchmarksDeps {
  store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems' | 'readResources'>;
  config: Pick<Config, 'benchmarks'>;
  clock: Clock;
  audit: Pick<Audit, 'record'>;
  /** What `env:NAME` and `file:/path` stand for. */
  resolveSecret(text: string): string;
  version: string;
}

export interface BenchmarksService extends Benchmarks {
  /** Ends those that run. */
  close(): Promise<void>;
}

/** For the start of a server; a package runner may have to download it first. */
const START_MS = 60_000;

export function createBenchmarks(deps: BenchmarksDeps): BenchmarksService {
  const { config, clock, store } = deps;
  const kept = new KeptRuns(store);
  const underWay = new Map<Promise<unknown>, RunningBenchmark>();
  const closing = new AbortController();

  function admit(): void {
    const { maxRunning } = config.benchmarks;
    if (underWay.size < maxRunning) return;
    throw new VitalsError('conflict', `As many benchmarks run as may at a time: ${maxRunning}`, {
      hint: 'Wait until one has ended. More at a time (`benchmarks.maxRunning`) disturb each other.',
    });
  }

  return {
    async run(request, control) {
      const target = permittedTarget(config.benchmarks, request);
      admit();
      const signal = AbortSignal.any([closing.signal, ...(control.signal === undefined ? [] : [control.signal])]);
      const running = runOne({ ...deps, kept }, target, request, { ...control, signal });
      const { target: name, tool } = request;
      underWay.set(running, { target: name, tool, startedAt: new Date(clock.nowMs()).toISOString() });
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    },
    running: () => [...underWay.values()],
    async latest({ target, tool }) {
      const reports = await kept.reports();
      return reports.filter(
        (report) => (target ?? report.target) === report.target && (tool ?? report.tool) === report.tool,
      );
    },
    async saved() {
      const baselines = await kept.baselines();
      return baselines.map(({ name, target, tool, profile, mode, measuredAt }) => {
        return { name, target, tool, profile, mode, measuredAt };
      });
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underWay.keys());
    },
  };
}

type OneDeps = BenchmarksDeps & { kept: KeptRuns };

async function runOne(
  deps: OneDeps,
  target: BenchmarkTarget,
  request: BenchmarkRequest,
  control: BenchmarkControl,
): Promise<BenchmarkReport> {
  const { clock, kept } = deps;
  const before = await kept.baselineFor(request);
  const job = jobOf(deps, target, request, before);
  const startedMs = clock.nowMs();
  await recordStart(deps.audit, request, control.by);
  const { signal = new AbortController().signal, onProgress = () => {} } = control;
  let outcome = 'failed';
  try {
    const result = await runInProcess(job, { clock, signal, onProgress });
    const report = await reportOf(deps, { request, result, before, startedMs });
    await kept.saveReport(report);
    outcome = report.endedBecause === null ? 'done' : 'ended early';
    return report;
  } finally {
    await recordEnd(deps.audit, request, control.by, outcome);
  }
}

function jobOf(
  deps: OneDeps,
  target: BenchmarkTarget,
  request: BenchmarkRequest,
  before: KeptBaseline | undefined,
): BenchmarkJob {
  const given = Object.hasOwn(target.arguments, request.tool) ? target.arguments[request.tool] : undefined;
  return {
    address: addressOf(target, deps.resolveSecret),
    tool: request.tool,
    arguments: given === undefined ? undefined : Array.isArray(given) ? given : [given],
    destructive: { isAllowed: target.allowDestructive.includes(request.tool), isAccepted: request.acceptsChanges },
    profile: request.profile,
    mode: request.mode,
    callers: request.callers ?? (request.mode === 'closed' ? before?.callers : undefined) ?? undefined,
    perSecond: request.perSecond ?? before?.offeredPerSecond ?? undefined,
    isBursty: request.isBursty,
    warmUpMs: request.warmUpMs,
    iterations: request.iterations,
    durationMs: request.durationMs,
    timeoutMs: 1_000 * target.timeoutSeconds,
    startMs: START_MS,
    findsSaturation: request.findsSaturation,
    seed: 1,
    compareWith: request.findsSaturation ? undefined : before?.baseline,
    version: deps.version,
  };
}
