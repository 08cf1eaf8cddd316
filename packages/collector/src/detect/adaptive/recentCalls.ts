/** How many calls the last minutes of a tool had: an incident began before it was seen, and its calls count from there. */
import { MINUTE_MS } from '../../model/rollup.ts';

/** As long as the longest span that evidence is taken from. */
const MINUTES = 128;

export class RecentCalls {
  private readonly calls = new Float32Array(MINUTES);
  private readonly errors = new Float32Array(MINUTES);
  private newestMs = Number.NEGATIVE_INFINITY;

  /** Minutes in order. */
  add(atMs: number, calls: number, errors: number): void {
    const passed = Math.min(MINUTES, Math.max(0, (atMs - this.newestMs) / MINUTE_MS - 1));
    for (let back = 1; back <= passed; back += 1) this.set(atMs - back * MINUTE_MS, 0, 0);
    this.set(atMs, calls, errors);
    this.newestMs = atMs;
  }

  /** From a minute up to now; of what is no longer known, nothing. */
  since(fromMs: number): { calls: number; errors: number } {
    const sum = { calls: 0, errors: 0 };
    const firstMs = Math.max(fromMs, this.newestMs - (MINUTES - 1) * MINUTE_MS);
    for (let atMs = firstMs; atMs <= this.newestMs; atMs += MINUTE_MS) {
      const i = (atMs / MINUTE_MS) % MINUTES;
      sum.calls += this.calls[i]!;
      sum.errors += this.errors[i]!;
    }
    return sum;
  }

  private set(atMs: number, calls: number, errors: number): void {
    const i = (atMs / MINUTE_MS) % MINUTES;
    this.calls[i] = calls;
    this.errors[i] = errors;
  }
}
