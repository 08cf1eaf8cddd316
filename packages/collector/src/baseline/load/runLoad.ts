/**
 * Puts a load on a server. Each tool is called once first: one that fails then would be measured as a fast failure, and is
 * left out instead. What was measured is returned however the run ends.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Clock } from '../../clock.ts';
import type { NotMeasured, ToolRun } from '../baseline.ts';
import type { PlannedTool } from '../plan/planCalls.ts';
import { SCRIPT_ADVICE } from '../plan/planCalls.ts';
import { Caller } from './caller.ts';
import { type Pace, type PaceOptions, runPaced } from './pace.ts';
import { type ScheduledCall, schedule } from './schedule.ts';
import { type CallOutcome, DROPPED, type LoadTarget } from './target.ts';
import { ToolRecord } from './toolRecord.ts';

export interface LoadedTool extends PlannedTool {
  target: LoadTarget;
}

export interface LoadOptions {
  /** Of one server or more: those of several are called in turn, so that they meet the same machine. */
  tools: readonly LoadedTool[];
  /** Calls of each tool before those that count, the first one included; at least 1. */
  warmUpCalls: number;
  pace: Pace;
  rounds: number;
  timeoutMs: number;
  /** That the calls of a tool may take together; the rest of them is not made. */
  maxToolMs: number;
  /** Of the order of the calls. */
  seed: number;
  clock: Pick<Clock, 'monotonicMs'>;
  /** Ends the run. */
  signal: AbortSignal;
  onProgress?(done: number, total: number): void;
  /** What a tool's first call failed with, as the server says it. */
  onFirstFailure?(tool: string, detail: string): void;
}

export interface LoadResult {
  /** By server. */
  runs: ReadonlyMap<LoadTarget, ServerRun>;
  /** By how much calls started later than they were meant to, in milliseconds; of a closed loop nothing. */
  lag: Digest;
  endedBecause?: string;
}

export interface ServerRun {
  tools: ToolRun[];
  notMeasured: NotMeasured[];
}

/** Of the time that a tool's calls may take, what those before may take besides. */
const WARM_UP_SHARE = 0.1;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const run = new Run(options);
  const ready = await run.warmUp();
  return run.measure(ready);
}

class Run {
  readonly #callers: ReadonlyMap<LoadTarget, Caller>;
  readonly #runs: ReadonlyMap<LoadTarget, ServerRun>;

  constructor(private readonly options: LoadOptions) {
    const targets = [...new Set(options.tools.map(({ target }) => target))];
    this.#callers = new Map(targets.map((target) => [target, new Caller({ ...options, target })]));
    this.#runs = new Map(targets.map((target) => [target, { tools: [], notMeasured: [] }]));
  }

  /** @returns the tools that can be measured */
  async warmUp(): Promise<LoadedTool[]> {
    const ready: LoadedTool[] = [];
    for (const tool of this.options.tools) if (await this.#answersOnce(tool)) ready.push(tool);
    const extra = ready.map((tool) => ({ ...tool, calls: this.options.warmUpCalls - 1 }));
    const calls = schedule(extra, 1, this.options.seed);
    const { clock, maxToolMs } = this.options;
    const spentMs = ready.map(() => 0);
    await this.#loop(calls, {
      make: async ({ index, arguments: args }, fromMs) => {
        if (spentMs[index]! > maxToolMs * WARM_UP_SHARE) return;
        await this.#call(ready[index]!, args);
        spentMs[index]! += clock.monotonicMs() - fromMs;
      },
      drop() {},
    });
    return ready;
  }

  async measure(tools: readonly LoadedTool[]): Promise<LoadResult> {
    const { rounds, seed, clock, maxToolMs, onProgress } = this.options;
    const records = tools.map(({ tool }) => new ToolRecord(tool, rounds, maxToolMs));
    const total = tools.reduce((sum, { calls }) => sum + calls, 0);
    const lag = new Digest();
    let done = 0;
    await this.#loop(schedule(tools, rounds, seed), {
      make: async (call, fromMs) => {
        const record = records[call.index]!;
        done += 1;
        if (record.isOver) return;
        lag.add(clock.monotonicMs() - fromMs);
        const outcome = await this.#call(tools[call.index]!, call.arguments);
        if (outcome.ok || !this.options.signal.aborted) record.add(call.round, clock.monotonicMs() - fromMs, outcome);
        onProgress?.(done, total);
      },
      drop(call) {
        records[call.index]!.add(call.round, 0, DROPPED);
        done += 1;
      },
    });
    for (const [i, { target, calls }] of tools.entries()) this.#runs.get(target)!.tools.push(records[i]!.result(calls));
    const endedBecause = this.#over?.endedBecause;
    return { runs: this.#runs, lag, ...(endedBecause !== undefined && { endedBecause }) };
  }

  async #answersOnce(loaded: LoadedTool): Promise<boolean> {
    if (this.#over !== undefined) return false;
    const { tool, variants, target } = loaded;
    const outcome = await this.#call(loaded, variants[0]!.arguments);
    if (outcome.ok) return true;
    this.options.onFirstFailure?.(tool, outcome.detail);
    this.#runs.get(target)!.notMeasured.push({ tool, isFailure: true, ...FIRST_FAILURE[outcome.kind] });
    return false;
  }

  #call({ target, tool }: LoadedTool, args: Record<string, unknown>): Promise<CallOutcome> {
    return this.#callers.get(target)!.call(tool, args);
  }

  /** Where one server has ended there is nothing to compare the other with. */
  get #over(): Caller | undefined {
    return [...this.#callers.values()].find(({ isOver }) => isOver);
  }

  #loop(calls: Iterable<ScheduledCall>, { make, drop }: Pick<PaceOptions<ScheduledCall>, 'make' | 'drop'>) {
    const { pace, clock, seed } = this.options;
    return runPaced(pace, { calls, clock, seed, isOver: () => this.#over !== undefined, make, drop });
  }
}

const FIRST_FAILURE: Readonly<Record<string, { reason: string; advice: string }>> = {
  tool_error: {
    reason: 'its first call was answered with an error',
    advice: `--show-errors says which. ${SCRIPT_ADVICE}`,
  },
  protocol_error: { reason: 'its first call was refused', advice: `--show-errors says why. ${SCRIPT_ADVICE}` },
  timeout: { reason: 'its first call was not answered in time', advice: 'Give it more time by --timeout.' },
  connection: {
    reason: 'the server ended, or could not be reached, during its first call',
    advice: 'Read what the server says on stderr.',
  },
};
