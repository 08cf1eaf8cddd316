/**
 * The control `shed`: a queue that stays long is no buffer for bursts but a delay for everybody. As in CoDel (Nichols and
 * Jacobson, "Controlling queue delay", ACM Queue 10(5), 2012) the sign is how long calls have waited, and that it stays so
 * for an interval; unlike there, what is turned away is the newcomer, who is told at once.
 */

/** A burst may take so long to be worked off, or the target where that is more. */
const LEAST_INTERVAL_MS = 100;

export class Shedding {
  #targetWaitMs: number;
  #aboveSinceMs: number | undefined;

  constructor(targetWaitMs: number) {
    this.#targetWaitMs = targetWaitMs;
  }

  update(targetWaitMs: number): void {
    this.#targetWaitMs = targetWaitMs;
  }

  /** The longest wait now, or that of the call whose turn it is; 0 when nobody waits. */
  observe(waitMs: number, nowMs: number): void {
    if (waitMs <= this.#targetWaitMs) this.#aboveSinceMs = undefined;
    else this.#aboveSinceMs ??= nowMs;
  }

  /** Whether calls that would have to wait are turned away. */
  isShedding(nowMs: number): boolean {
    if (this.#aboveSinceMs === undefined) return false;
    return nowMs - this.#aboveSinceMs >= Math.max(LEAST_INTERVAL_MS, this.#targetWaitMs);
  }
}
