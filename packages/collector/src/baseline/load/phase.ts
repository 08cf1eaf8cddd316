/**
 * A load of one tool for some time: a warm-up, an iteration of a benchmark, or a step on the way to saturation. Calls are
 * gathered in rounds by when they were meant to start, so that what changes slowly on a machine shows as a difference between rounds.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Clock } from '../../clock.ts';
import { type FailureKind, failureCount, type Round, successCount } from '../baseline.ts';
import type { PlannedTool } from '../plan/planCalls.ts';
import type { Caller } from './caller.ts';
import { type Pace, runPaced } from './pace.ts';
import { inTurn } from './schedule.ts';
import type { StopRule } from './stopRule.ts';
import { type CallOutcome, DROPPED } from './target.ts';
import { ToolRecord } from './toolRecord.ts';

export interface PhaseOptions {
  caller: Caller;
  tool: Pick<PlannedTool, 'tool' | 'variants'>;
  pace: Pace;
  /** How long calls are begun; what is under way then is awaited. */
  durationMs: number;
  /** That calls are gathered in. */
  rounds: number;
  seed: number;
  clock: Pick<Clock, 'monotonicMs'>;
  /** Absent: errors do not end it. */
  stopRule?: StopRule | undefined;
}

export interface Phase {
  /** Without those in which nothing was called. */
  rounds: readonly Round[];
  failures: Readonly<Partial<Record<FailureKind, number>>>;
  calls: number;
  /** With success, by the end of the duration. */
  answeredInTime: number;
  /** How long calls were begun: the duration, or less where it was ended. */
  elapsedMs: number;
  /** By how much calls started later than they were meant to, in milliseconds. */
  lag: Digest;
  /** Absent when it lasted as long as it should. */
  stoppedBecause?: string | undefined;
}

export function runPhase(options: PhaseOptions): Promise<Phase> {
  return new PhaseRun(options).run();
}

class PhaseRun {
  readonly #record: ToolRecord;
  readonly #lag = new Digest();
  readonly #beginMs: number;
  #answeredInTime = 0;
  #stoppedBecause: string | undefined;
  #endMs: number;

  constructor(private readonly options: PhaseOptions) {
    const { tool, rounds, clock, durationMs } = options;
    this.#record = new ToolRecord(tool.tool, rounds, Number.POSITIVE_INFINITY);
    this.#beginMs = clock.monotonicMs();
    this.#endMs = this.#beginMs + durationMs;
  }

  async run(): Promise<Phase> {
    const { tool, pace, durationMs, seed, clock, caller } = this.options;
    await runPaced(pace, {
      calls: withoutEnd(inTurn(tool.variants)),
      clock,
      seed,
      durationMs,
      isOver: () => this.#isOver(),
      make: (args, fromMs) => this.#make(args, fromMs),
      drop: (_args, dueMs) => this.#add(DROPPED, dueMs),
    });
    const { rounds, failures } = this.#record.result(0);
    return {
      rounds,
      failures,
      calls: successCount({ rounds }) + failureCount({ rounds }),
      answeredInTime: this.#answeredInTime,
      elapsedMs: this.#endMs - this.#beginMs,
      lag: this.#lag,
      stoppedBecause: this.#stoppedBecause ?? caller.endedBecause,
    };
  }

  async #make(args: Record<string, unknown>, fromMs: number): Promise<void> {
    const { caller, tool, clock } = this.options;
    this.#lag.add(Math.max(0, clock.monotonicMs() - fromMs));
    const outcome = await caller.call(tool.tool, args);
    if (outcome.ok || !caller.isInterrupted) this.#add(outcome, fromMs);
  }

  #add(outcome: CallOutcome, fromMs: number): void {
    const { clock, stopRule, rounds, durationMs } = this.options;
    const nowMs = clock.monotonicMs();
    const round = Math.floor((rounds * (fromMs - this.#beginMs)) / durationMs);
    this.#record.add(Math.min(rounds - 1, round), nowMs - fromMs, outcome);
    if (outcome.ok && nowMs <= this.#endMs) this.#answeredInTime += 1;
    const objection = this.#record.whyOver ?? stopRule?.add(outcome);
    if (objection !== undefined) this.#stop(objection, nowMs);
  }

  /** An open loop ends with its times: a call that was due is made, however late. */
  #isOver(): boolean {
    const { caller, clock, pace } = this.options;
    const nowMs = clock.monotonicMs();
    if (caller.isOver) this.#stop(caller.endedBecause!, nowMs);
    return this.#stoppedBecause !== undefined || (pace.kind === 'closed' && nowMs >= this.#endMs);
  }

  #stop(why: string, nowMs: number): void {
    this.#stoppedBecause ??= why;
    this.#endMs = Math.min(this.#endMs, nowMs);
  }
}

function* withoutEnd<T>(next: () => T): Generator<T> {
  for (;;) yield next();
}
