/** One value that is expensive to make and may be a little old. Callers who come while it is made share it. */
import type { Clock } from './clock.ts';

export class Cached<T> {
  #entry: { value: Promise<T>; madeAtMs: number } | undefined;

  constructor(
    private readonly make: () => Promise<T>,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** A value at most `maxAgeMs` old. One that could not be made is made anew by the next caller. */
  get(maxAgeMs: number): Promise<T> {
    const nowMs = this.clock.monotonicMs();
    if (this.#entry && nowMs - this.#entry.madeAtMs < maxAgeMs) return this.#entry.value;
    const entry = { value: this.make(), madeAtMs: nowMs };
    this.#entry = entry;
    entry.value.catch(() => {
      if (this.#entry === entry) this.clear();
    });
    return entry.value;
  }

  clear(): void {
    this.#entry = undefined;
  }
}
