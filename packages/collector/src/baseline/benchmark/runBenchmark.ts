/**
 * One benchmark of one tool: a first call that has to succeed, a warm-up that also tells what the tool can do, then either
 * iterations of the load that was asked for, or steps to where it saturates.
 */
import type { Clock } from '../../clock.ts';
import type { Saturation } from '../../model/benchmark.ts';
import { significant } from '../../model/significant.ts';
import type { OpenServer } from '../connect/openServer.ts';
import { Caller } from '../load/caller.ts';
import { MAX_OUTSTANDING, type OpenPace, type Pace } from '../load/pace.ts';
import { type Phase, runPhase } from '../load/phase.ts';
import { PROFILE_LOADS } from '../load/profiles.ts';
import { StopRule } from '../load/stopRule.ts';
import { meterUsage, type Usage } from '../load/usageMeter.ts';
import type { PlannedTool } from '../plan/planCalls.ts';
import { perSecondOf } from './figures.ts';
import { firstCalls, plannedTool } from './firstCalls.ts';
import type { BenchmarkJob, JobProgress } from './job.ts';
import { permittedTool } from './permission.ts';
import { findSaturation } from './saturation.ts';
import { stepFigures } from './stepFigures.ts';

export interface BenchmarkDeps {
  server: OpenServer;
  clock: Clock;
  signal: AbortSignal;
  onProgress(progress: JobProgress): void;
}

export interface Measured {
  pace: Pace;
  warmUp: Phase;
  phases: readonly Phase[];
  usage: Usage | undefined;
  saturation: Saturation | undefined;
  endedBecause: string | undefined;
}

/** Enough for neighbouring iterations to be told apart, and few enough to be kept. */
const ROUNDS = 200;

/** Steps that a search for saturation has time for, about. */
const STEPS = 14;
const SHORTEST_STEP_MS = 1_000;
const REPORT_MS = 1_000;

/** @throws VitalsError when the tool may not or cannot be measured, with what to do */
export async function runBenchmark(job: BenchmarkJob, deps: BenchmarkDeps): Promise<Measured> {
  const listed = permittedTool(deps.server.tools, job.tool, job.destructive);
  return new Benchmark(job, deps, plannedTool(listed, job)).run();
}

class Benchmark {
  readonly #caller: Caller;
  readonly #stopRule = new StopRule();
  #doneMs = 0;

  constructor(
    private readonly job: BenchmarkJob,
    private readonly deps: BenchmarkDeps,
    private readonly tool: PlannedTool,
  ) {
    const { server, signal } = deps;
    this.#caller = new Caller({ target: server, timeoutMs: job.timeoutMs, signal });
  }

  async run(): Promise<Measured> {
    await firstCalls(this.#caller, this.tool, this.deps.server);
    const callers = this.job.callers ?? PROFILE_LOADS[this.job.profile].callers;
    const warmUp = await this.#phase('warm-up', { kind: 'closed', callers }, this.job.warmUpMs, 1);
    const pace = this.#paceAfter(warmUp, callers);
    const meter = meterUsage(this.deps.server.pid, this.deps.clock);
    const saturation = this.job.findsSaturation ? await this.#saturation(perSecondOf([warmUp])) : undefined;
    const phases = saturation === undefined ? await this.#iterations(pace) : [];
    const usage = meter.end();
    const endedBecause = phases.at(-1)?.stoppedBecause ?? this.#caller.endedBecause;
    return { pace, warmUp, phases, usage, saturation, endedBecause };
  }

  #paceAfter(warmUp: Phase, callers: number): Pace {
    if (this.job.mode === 'closed') return { kind: 'closed', callers };
    const { shareOfCapacity } = PROFILE_LOADS[this.job.profile];
    const perSecond = this.job.perSecond ?? perSecondOf([warmUp]) * shareOfCapacity;
    return this.#openPace(Math.max(LEAST_PER_SECOND, perSecond));
  }

  #openPace(perSecond: number): OpenPace {
    const arrivals = this.job.isBursty ? 'poisson' : 'constant';
    return { kind: 'open', perSecond, arrivals, maxOutstanding: MAX_OUTSTANDING };
  }

  async #iterations(pace: Pace): Promise<Phase[]> {
    const { iterations, durationMs } = this.job;
    const phases: Phase[] = [];
    const rounds = Math.ceil(ROUNDS / iterations);
    for (let i = 0; i < iterations && !this.#caller.isOver; i++) {
      const phase = await this.#phase(`iteration ${i + 1} of ${iterations}`, pace, durationMs / iterations, rounds);
      phases.push(phase);
      if (phase.stoppedBecause !== undefined) break;
    }
    return phases;
  }

  #saturation(estimatePerSecond: number): Promise<Saturation> {
    const { durationMs } = this.job;
    const { clock } = this.deps;
    const endMs = clock.monotonicMs() + durationMs;
    const stepMs = Math.max(SHORTEST_STEP_MS, durationMs / STEPS);
    return findSaturation({
      estimatePerSecond: Math.max(LEAST_PER_SECOND, estimatePerSecond),
      step: async (perSecond) => {
        const doing = `${significant(perSecond)} calls/s`;
        // A rate that breaks the tool is what is looked for: a rule for each step ends that one.
        const phase = await this.#phase(doing, this.#openPace(perSecond), stepMs, 2, new StopRule());
        return stepFigures(perSecond, phase);
      },
      isOver: () => this.#caller.isOver || clock.monotonicMs() + stepMs / 2 > endMs,
    });
  }

  async #phase(doing: string, pace: Pace, durationMs: number, rounds: number, stopRule = this.#stopRule) {
    const { clock, onProgress } = this.deps;
    const { warmUpMs, durationMs: measuredMs, seed } = this.job;
    const beginMs = clock.monotonicMs();
    const totalMs = warmUpMs + measuredMs;
    const report = () => {
      const doneMs = this.#doneMs + Math.min(durationMs, clock.monotonicMs() - beginMs);
      onProgress({ doneMs: Math.min(totalMs, doneMs), totalMs: Math.max(totalMs, doneMs), doing });
    };
    report();
    const stopReports = clock.every(REPORT_MS, report);
    try {
      const { tool } = this;
      return await runPhase({ caller: this.#caller, tool, pace, durationMs, rounds, seed, clock, stopRule });
    } finally {
      stopReports();
      this.#doneMs += durationMs;
    }
  }
}

/** An open loop needs some rate, of a tool too that answered nothing while it was warmed up. */
const LEAST_PER_SECOND = 0.1;
