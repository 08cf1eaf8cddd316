/**
 * Calls of a tool that wait for their turn: first come, first served. Whoever gives up, because the client cancelled or the
 * time was up, leaves at once, from wherever it stands. One timer serves the whole line.
 *
 * Last come, first served answers sooner while there is far too much to do, and turns calls away after a burst that would
 * have been answered in time. See docs/decisions/0028-controls.md.
 */
import type { Clock } from '../clock.ts';

/** Why a call did not get its turn. */
export type NoTurn = 'expired' | 'cancelled';

interface Waiting<Turn> {
  readonly sinceMs: number;
  readonly deadlineMs: number;
  end(how: Turn | NoTurn): void;
}

export interface WaitingLineDeps {
  clock: Pick<Clock, 'monotonicMs' | 'after'>;
  /** Somebody leaves the line without a turn. */
  onLeave(): void;
}

/** `Turn` is what a call gets when it is its turn. */
export class WaitingLine<Turn extends object> {
  readonly #deps: WaitingLineDeps;
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting<Turn>>();
  #isTimerPlanned = false;

  constructor(deps: WaitingLineDeps) {
    this.#deps = deps;
  }

  get length(): number {
    return this.#waiting.size;
  }

  /** How long the first has waited; 0 when nobody waits. */
  longestWaitMs(nowMs: number): number {
    const first = this.#first();
    return first === undefined ? 0 : nowMs - first.sinceMs;
  }

  /** Resolves with the turn, or with why there was none; never rejects. */
  join(nowMs: number, maxWaitMs: number, signal: AbortSignal | undefined): Promise<Turn | NoTurn> {
    return new Promise((resolve) => {
      const onAbort = () => this.#leave(waiting, 'cancelled');
      const waiting: Waiting<Turn> = {
        sinceMs: nowMs,
        deadlineMs: nowMs + maxWaitMs,
        end(how) {
          signal?.removeEventListener('abort', onAbort);
          resolve(how);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
      this.#planTimer();
    });
  }

  /** It is the turn of the first, where there is one. */
  callFirst(turn: Turn): void {
    const first = this.#first();
    if (first === undefined) return;
    this.#waiting.delete(first);
    first.end(turn);
  }

  #first(): Waiting<Turn> | undefined {
    for (const waiting of this.#waiting) return waiting;
    return undefined;
  }

  /** Sends those away whose time is up. */
  expire(nowMs: number): void {
    for (const waiting of this.#waiting) {
      if (waiting.deadlineMs > nowMs) return;
      this.#leave(waiting, 'expired');
    }
  }

  #leave(waiting: Waiting<Turn>, how: NoTurn): void {
    if (!this.#waiting.has(waiting)) return;
    this.#deps.onLeave();
    this.#waiting.delete(waiting);
    waiting.end(how);
  }

  /** For the first, whose time is up before that of those behind it. */
  #planTimer(): void {
    if (this.#isTimerPlanned) return;
    const first = this.#first();
    if (first === undefined) return;
    this.#isTimerPlanned = true;
    const { clock } = this.#deps;
    clock.after(Math.max(1, first.deadlineMs - clock.monotonicMs()), () => {
      this.#isTimerPlanned = false;
      this.expire(clock.monotonicMs());
      this.#planTimer();
    });
  }
}
