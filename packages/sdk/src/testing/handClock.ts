/** A clock that tests move by hand. */
import type { Clock } from '../clock.ts';

interface Timer {
  atMs: number;
  run: () => void;
}

export class HandClock implements Clock {
  #nowMs: number;
  #timers: Timer[] = [];

  /** @param startMs epoch milliseconds; by default a full minute, so that minute boundaries are easy to see */
  constructor(startMs = 1_800_000_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  afterKeepingAlive(delayMs: number, run: () => void): () => void {
    return this.after(delayMs, run);
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Moves time on, running what falls due in its order, and lets promises settle in between. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settle();
    for (let due = this.#nextDue(endMs); due; due = this.#nextDue(endMs)) {
      this.#nowMs = due.atMs;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      due.run();
      await settle();
    }
    this.#nowMs = endMs;
    await settle();
  }

  #nextDue(endMs: number): Timer | undefined {
    return this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** Lets all promises that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
