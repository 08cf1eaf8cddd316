/**
 * Tool calls that go on after they were answered with a task: what each is doing, and its result until somebody has fetched it or its
 * time is over. In memory: a task ends with the process that runs it.
 */
import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { VitalsError } from '../../errors.ts';
import type { CallControl, ToolCaller } from '../toolBackend.ts';

export interface TaskRun {
  readonly taskId: string;
  readonly createdAtMs: number;
  /** From its creation; how long it may be asked for. */
  readonly ttlMs: number;
  /** `failed` where its result says so. */
  status: 'working' | 'completed' | 'failed' | 'cancelled';
  updatedAtMs: number;
  /** How far it is, for a person. */
  message: string | undefined;
  /** Resolves when it is over; never rejects. */
  readonly result: Promise<CallToolResult>;
}

interface OwnedRun extends TaskRun {
  client: string;
  cancelling: AbortController;
}

/** How long a result waits to be fetched. */
const KEPT_MS = 10 * 60_000;

/** Tasks that are remembered, done or not. */
const MAX_RUNS = 100;

export class TaskRuns {
  readonly #runs = new Map<string, OwnedRun>();

  constructor(private readonly clock: { nowMs(): number }) {}

  /**
   * @param durationMs how long it will take
   * @param run never rejects
   * @throws VitalsError `rate_limited` when there are too many
   */
  start({ client }: ToolCaller, durationMs: number, run: (control: CallControl) => Promise<CallToolResult>): TaskRun {
    this.#forgetOld();
    if (this.#runs.size >= MAX_RUNS) {
      throw new VitalsError('rate_limited', 'There are too many tasks', { hint: 'Wait for some of them to end.' });
    }
    const nowMs = this.clock.nowMs();
    const cancelling = new AbortController();
    const started: OwnedRun = {
      ...{ taskId: randomUUID(), client, cancelling, createdAtMs: nowMs, updatedAtMs: nowMs },
      ...{ ttlMs: durationMs + KEPT_MS, status: 'working', message: undefined },
      result: run({
        signal: cancelling.signal,
        onProgress: ({ progress, total, message = '' }) => {
          const whole = total === undefined ? '?' : Math.round(total);
          started.message = `${Math.round(progress)} of ${whole} s: ${message}`;
          started.updatedAtMs = this.clock.nowMs();
        },
      }),
    };
    void started.result.then(({ isError }) => this.#end(started, isError ? 'failed' : 'completed'));
    this.#runs.set(started.taskId, started);
    return started;
  }

  /** @throws VitalsError `not_found` */
  get(taskId: string, caller: ToolCaller): TaskRun {
    return this.#of(taskId, caller);
  }

  /** One that is over stays what it is. @throws VitalsError `not_found` */
  cancel(taskId: string, caller: ToolCaller): TaskRun {
    const run = this.#of(taskId, caller);
    this.#end(run, 'cancelled');
    run.cancelling.abort();
    return run;
  }

  #end(run: OwnedRun, status: TaskRun['status']): void {
    if (run.status !== 'working') return;
    run.status = status;
    run.message = undefined;
    run.updatedAtMs = this.clock.nowMs();
  }

  #of(taskId: string, { client }: ToolCaller): OwnedRun {
    this.#forgetOld();
    const run = this.#runs.get(taskId);
    if (run === undefined || run.client !== client) throw new VitalsError('not_found', 'There is no such task');
    return run;
  }

  #forgetOld(): void {
    const nowMs = this.clock.nowMs();
    for (const [taskId, { createdAtMs, ttlMs, status }] of this.#runs) {
      if (status !== 'working' && nowMs > createdAtMs + ttlMs) this.#runs.delete(taskId);
    }
  }
}
