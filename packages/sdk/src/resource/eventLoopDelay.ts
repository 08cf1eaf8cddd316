/**
 * How late the event loop runs. Node's own histogram measures it with a native timer that does not keep the process
 * alive; it runs only while calls are being recorded, so an idle process is not woken by it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The timer fires this often. Finer sees more and costs more; a delay that users feel is longer. */
const RESOLUTION_MS = 20;

const NS_PER_MS = 1_000_000;

export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
    this.#histogram.reset();
  }

  /** Mean delay beyond the resolution since the last call, in milliseconds; 0 where nothing was measured. */
  takeMeanMs(): number {
    const meanMs = this.#histogram.mean / NS_PER_MS;
    this.#histogram.reset();
    return Number.isFinite(meanMs) ? Math.max(0, meanMs - RESOLUTION_MS) : 0;
  }
}
