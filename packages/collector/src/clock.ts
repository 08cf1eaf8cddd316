/** The only file with timers. Everything else is given a `Clock`, so that tests move time by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
  /** Calls `run` every `intervalMs`; returns what stops it. Does not keep the process alive. */
  every(intervalMs: number, run: () => void): () => void;
  /** Calls `run` once after `delayMs`; returns what cancels it. Does not keep the process alive. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  every(intervalMs, run) {
    const timer = setInterval(run, intervalMs).unref();
    return () => clearInterval(timer);
  },
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Lets everything else that waits have its turn between two slices of work: a batch that came in, an answer that is due. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** From its arrival to its answer a request takes so many turns: what gives way once for each is passed by all that wait. */
const TURNS_OF_A_REQUEST = 4;

/** For work that may take its time, between two pieces of it. Where nothing waits, it costs next to nothing. */
export async function giveWay(): Promise<void> {
  for (let turn = 0; turn < TURNS_OF_A_REQUEST; turn++) await nextTurn();
}

/** Together with the step that goes beyond it, a piece holds nobody up for more than a few milliseconds. */
const PIECE_MS = 3;

/** Long work in small steps: between two of them it gives way, where the steps since the last time have taken long enough. */
export class Steps {
  #sinceMs = performance.now();

  async end(): Promise<void> {
    if (performance.now() - this.#sinceMs < PIECE_MS) return;
    await giveWay();
    this.#sinceMs = performance.now();
  }

  /** In order, one after the other. */
  async map<In, Out>(values: Iterable<In>, step: (value: In) => Out): Promise<Out[]> {
    const results: Out[] = [];
    for (const value of values) {
      results.push(step(value));
      await this.end();
    }
    return results;
  }
}

/** Waits, and keeps the process alive meanwhile: for a start that cannot go on yet. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
