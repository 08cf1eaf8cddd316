/** A clock that tests move by hand, whose timers wait until something has set them. */
import { vi } from 'vitest';
import type { Clock } from '../clock.ts';

interface Timer {
  atMs: number;
  run(): void;
}

export class HandClock implements Pick<Clock, 'nowMs' | 'after'> {
  readonly #timers = new Set<Timer>();

  constructor(public timeMs: number) {}

  nowMs = () => this.timeMs;

  after = (delayMs: number, run: () => void) => {
    const timer = { atMs: this.timeMs + delayMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Waits until a timer is set, moves to the time of the next one, and runs it. */
  async nextTimer(): Promise<void> {
    await vi.waitFor(() => {
      if (this.#timers.size === 0) throw new Error('no timer is set');
    });
    const [next] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
    this.#timers.delete(next!);
    this.timeMs = Math.max(this.timeMs, next!.atMs);
    next!.run();
  }
}
