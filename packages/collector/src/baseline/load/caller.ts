/**
 * Makes the calls of a load, for as long as there is anybody to call: not after the server has ended, cannot be reached, or
 * whoever wanted the load has had enough. What is under way then is given up.
 */
import { setMaxListeners } from 'node:events';
import type { CallOutcome, LoadTarget } from './target.ts';

/** Calls in a row that do not reach the server, after which there is none. */
const MAX_UNREACHED = 3;

export interface CallerOptions {
  target: LoadTarget;
  /** For a call. */
  timeoutMs: number;
  /** Ends the load. */
  signal: AbortSignal;
}

export class Caller {
  readonly #stop = new AbortController();
  #endedBecause: string | undefined;
  #unreached = 0;

  constructor(private readonly options: CallerOptions) {
    const { target, signal } = options;
    // As many as there are calls under way, which is no leak.
    setMaxListeners(0, this.#stop.signal);
    void target.ended.then((how) => this.end(`the server ended: ${how}`));
    const interrupt = () => this.end('it was interrupted');
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  }

  /** Never rejects. */
  async call(tool: string, args: Record<string, unknown>): Promise<CallOutcome> {
    const { target, timeoutMs } = this.options;
    const outcome = await target.call(tool, args, timeoutMs, this.#stop.signal);
    this.#unreached = !outcome.ok && outcome.kind === 'connection' ? this.#unreached + 1 : 0;
    if (this.#unreached >= MAX_UNREACHED) this.end('the server cannot be reached any more');
    return outcome;
  }

  /** Gives up what is under way. */
  end(why: string): void {
    this.#endedBecause ??= why;
    this.#stop.abort();
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Who interrupts a load ends the calls that are under way; they have not failed. */
  get isInterrupted(): boolean {
    return this.options.signal.aborted;
  }

  /** In words; undefined while it goes on. */
  get endedBecause(): string | undefined {
    return this.#endedBecause;
  }
}
