/** The only file with timers. Everything else is given a `Clock`, so that tests move time by hand. */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`; returns what cancels it. Does not keep the process alive. */
  after(delayMs: number, run: () => void): () => void;
  /** As `after`, but the process stays alive until then: only for the moment before exit. */
  afterKeepingAlive(delayMs: number, run: () => void): () => void;
  /** Calls `run` once this turn of the event loop is over and what has come in meanwhile was read. */
  soon(run: () => void): void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
  afterKeepingAlive(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  soon(run) {
    setImmediate(run);
  },
};
