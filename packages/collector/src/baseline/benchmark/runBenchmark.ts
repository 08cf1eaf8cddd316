/**
 * One benchmark of one tool: a first call that has to succeed, a warm-up that also tells what the tool can do, then either
 * iterations of the load that was asked for, or steps to where it saturates.
 */
import type { Digest } from '@mcp-vitals/sketch';
import type { Clock } from '../../clock.ts';
import { VitalsError } from '../../errors.ts';
import type { Saturation } from '../../model/benchmark.ts';
import { within } from '../../serverProcess.ts';
import { failureCount, wholeDigest } from '../baseline.ts';
import type { OpenServer } from '../connect/openServer.ts';
import { Caller } from '../load/caller.ts';
import { MAX_OUTSTANDING, type OpenPace, type Pace } from '../load/pace.ts';
import { type Phase, runPhase } from '../load/phase.ts';
import { PROFILE_LOADS } from '../load/profiles.ts';
import { StopRule } from '../load/stopRule.ts';
import { meterUsage, type Usage } from '../load/usageMeter.ts';
import { exampleArguments } from '../plan/exampleArguments.ts';
import type { ListedTool, PlannedTool } from '../plan/planCalls.ts';
import { perSecondOf } from './figures.ts';
import type { BenchmarkJob, JobProgress } from './job.ts';
import { permittedTool } from './permission.ts';
import { findSaturation, type StepFigures } from './saturation.ts';

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

function plannedTool({ name, inputSchema }: ListedTool, { arguments: given }: BenchmarkJob): PlannedTool {
  if (given !== undefined)
    return { tool: name, calls: 0, variants: given.map((each) => ({ arguments: each, times: 1 })) };
  const made = exampleArguments(inputSchema);
  if ('arguments' in made) return { tool: name, calls: 0, variants: [{ arguments: made.arguments, times: 1 }] };
  throw new VitalsError('invalid', `No arguments can be made up for this tool: ${made.problem}`, {
    hint: ARGUMENTS_HINT,
  });
}

const ARGUMENTS_HINT = 'Write arguments for it into `arguments` of the target in the settings `benchmarks.targets`.';

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
    await this.#answersOnce();
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

  /** One that fails would be measured as a fast failure, by hundreds. */
  async #answersOnce(): Promise<void> {
    const { tool, variants } = this.tool;
    for (const variant of variants) {
      const outcome = await this.#caller.call(tool, variant.arguments);
      if (outcome.ok || this.#caller.isInterrupted) continue;
      const [reason, hint] = FIRST_FAILURE[outcome.kind] ?? FIRST_FAILURE.connection!;
      const ended = outcome.kind === 'connection' ? await soon(this.deps.server.ended) : undefined;
      const how = ended === undefined ? '' : ` (${ended})`;
      throw new VitalsError('unavailable', `Nothing was measured: ${reason}${how}`, { hint });
    }
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
        const doing = `${perSecond.toPrecision(3)} calls/s`;
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

/** A server that ends during a call says so a moment after its streams have closed. */
async function soon(ended: Promise<string>): Promise<string | undefined> {
  return within(500, ended);
}

function stepFigures(offeredPerSecond: number, phase: Phase): StepFigures {
  const digest = wholeDigest(phase);
  const [p50Ms, p95Ms] = [0.5, 0.95].map((q) => quantileOf(digest, q)) as [number | null, number | null];
  const [first, second] = [phase.rounds[0]?.digest, phase.rounds[1]?.digest];
  const answering = Math.max(phase.elapsedMs / 2, phase.elapsedMs - (p50Ms ?? 0));
  return {
    offeredPerSecond,
    answeredPerSecond: perSecondOf([phase]),
    expectedPerSecond: (offeredPerSecond * answering) / phase.elapsedMs,
    errorPercent: phase.calls === 0 ? 0 : (100 * failureCount(phase)) / phase.calls,
    p50Ms,
    p95Ms,
    halvesP50Ms: [quantileOf(first, 0.5), quantileOf(second, 0.5)],
    stoppedBecause: phase.stoppedBecause,
  };
}

function quantileOf(digest: Digest | undefined, q: number): number | null {
  return digest === undefined || digest.count === 0 ? null : digest.quantile(q);
}

const FIRST_FAILURE: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  tool_error: ['its first call was answered with an error', ARGUMENTS_HINT],
  protocol_error: ['its first call was refused', ARGUMENTS_HINT],
  timeout: ['its first call was not answered in time', 'Give it more time by `timeoutSeconds` of the target.'],
  connection: [
    'the server ended, or could not be reached, during its first call',
    'Run its command in a terminal, and read what it says.',
  ],
};
