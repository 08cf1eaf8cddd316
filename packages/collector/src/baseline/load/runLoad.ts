/**
 * Puts a load on a server. Each tool is called once first: one that fails then would be measured as a fast failure, and is
 * left out instead. What was measured is returned however the run ends.
 */
import type { Clock } from '../../clock.ts';
import type { NotMeasured, ToolRun } from '../baseline.ts';
import type { PlannedTool } from '../plan/planCalls.ts';
import { SCRIPT_ADVICE } from '../plan/planCalls.ts';
import { closedLoop } from './closedLoop.ts';
import { type ScheduledCall, schedule } from './schedule.ts';
import type { CallOutcome, LoadTarget } from './target.ts';
import { ToolRecord } from './toolRecord.ts';

export interface LoadOptions {
  target: LoadTarget;
  tools: readonly PlannedTool[];
  /** Calls of each tool before those that count, the first one included; at least 1. */
  warmUpCalls: number;
  concurrency: number;
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
  tools: ToolRun[];
  notMeasured: NotMeasured[];
  endedBecause?: string;
}

/** Calls in a row that do not reach the server, after which there is none. */
const MAX_UNREACHED = 3;

/** Of the time that a tool's calls may take, what those before may take besides. */
const WARM_UP_SHARE = 0.1;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const run = new Run(options);
  const ready = await run.warmUp();
  return run.measure(ready);
}

class Run {
  readonly #stop: AbortController = new AbortController();
  readonly #notMeasured: NotMeasured[] = [];
  #endedBecause: string | undefined;
  #unreached = 0;

  constructor(private readonly options: LoadOptions) {
    const { target, signal } = options;
    void target.ended.then((how) => this.#end(`the server ended: ${how}`));
    const interrupt = () => this.#end('it was interrupted');
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  }

  /** @returns the tools that can be measured */
  async warmUp(): Promise<PlannedTool[]> {
    const ready: PlannedTool[] = [];
    for (const tool of this.options.tools) if (await this.#answersOnce(tool)) ready.push(tool);
    const extra = ready.map((tool) => ({ ...tool, calls: this.options.warmUpCalls - 1 }));
    const calls = schedule(extra, 1, this.options.seed);
    const { clock, maxToolMs } = this.options;
    const spentMs = ready.map(() => 0);
    await this.#loop(calls, async ({ index, arguments: args }) => {
      if (spentMs[index]! > maxToolMs * WARM_UP_SHARE) return;
      const startedMs = clock.monotonicMs();
      await this.#call(ready[index]!.tool, args);
      spentMs[index]! += clock.monotonicMs() - startedMs;
    });
    return ready;
  }

  async measure(tools: readonly PlannedTool[]): Promise<LoadResult> {
    const { rounds, seed, clock, maxToolMs, onProgress } = this.options;
    const records = tools.map(({ tool }) => new ToolRecord(tool, rounds, maxToolMs));
    const total = tools.reduce((sum, { calls }) => sum + calls, 0);
    let done = 0;
    await this.#loop(schedule(tools, rounds, seed), async (call: ScheduledCall) => {
      const record = records[call.index]!;
      done += 1;
      if (record.isOver) return;
      const startedMs = clock.monotonicMs();
      const outcome = await this.#call(tools[call.index]!.tool, call.arguments);
      // Who interrupts the run ends the calls that are under way; they have not failed.
      if (outcome.ok || !this.options.signal.aborted) record.add(call.round, clock.monotonicMs() - startedMs, outcome);
      onProgress?.(done, total);
    });
    return {
      tools: records.map((record, i) => record.result(tools[i]!.calls)),
      notMeasured: this.#notMeasured,
      ...(this.#endedBecause !== undefined && { endedBecause: this.#endedBecause }),
    };
  }

  async #answersOnce({ tool, variants }: PlannedTool): Promise<boolean> {
    if (this.#isOver) return false;
    const outcome = await this.#call(tool, variants[0]!.arguments);
    if (outcome.ok) return true;
    this.options.onFirstFailure?.(tool, outcome.detail);
    this.#notMeasured.push({ tool, isFailure: true, ...FIRST_FAILURE[outcome.kind] });
    return false;
  }

  async #call(tool: string, args: Record<string, unknown>): Promise<CallOutcome> {
    const { target, timeoutMs } = this.options;
    const outcome = await target.call(tool, args, timeoutMs, this.#stop.signal);
    this.#unreached = !outcome.ok && outcome.kind === 'connection' ? this.#unreached + 1 : 0;
    if (this.#unreached >= MAX_UNREACHED) this.#end('the server cannot be reached any more');
    return outcome;
  }

  #loop<Call>(calls: Iterable<Call>, make: (call: Call) => Promise<void>): Promise<void> {
    return closedLoop(calls, this.options.concurrency, make, () => this.#isOver);
  }

  get #isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  #end(why: string): void {
    this.#endedBecause ??= why;
    this.#stop.abort();
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
