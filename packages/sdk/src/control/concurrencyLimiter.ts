/**
 * The control `concurrency`, and `shed` on top of it: at most so many calls of a tool at a time, the others wait in a line.
 *
 * A handler that computes without a pause holds up the event loop, and the calls that come in meanwhile wait where nobody
 * sees them: in the socket. So no more calls begin in one turn of the event loop than may run at a time, and the next ones
 * begin in a later turn, when what has come in was read and stands in the line, where its waiting is measured and has an end.
 */
import type { ConcurrencyPolicy, RefusalCode, ShedPolicy } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import { AdaptiveLimit } from './adaptiveLimit.ts';
import { Shedding } from './shedding.ts';
import { WaitingLine } from './waitingLine.ts';

/**
 * A call that has run for so long does not count any more: it hangs, or waits for a person, or for another call of the same
 * tool that it has made itself.
 */
const LONGEST_HOLD_MS = 60_000;
/** Of how long calls run: share of the newest in the mean. */
const RUN_TIME_SHARE = 0.1;

/** A call that runs. */
export interface Slot {
  readonly startedMs: number;
}

/** How a call was not let in. */
export interface NotAdmitted {
  code: RefusalCode | 'cancelled';
  retryAfterMs?: number;
}

export interface LimiterDeps {
  clock: Pick<Clock, 'monotonicMs' | 'after' | 'soon'>;
  /** A call has waited in the line, however that ended. */
  onWaited(waitMs: number): void;
  onLimit(limit: number): void;
}

export class ConcurrencyLimiter {
  readonly #deps: LimiterDeps;
  readonly #line: WaitingLine<Slot>;
  /** Oldest first. */
  readonly #running = new Set<Slot>();
  #policy: ConcurrencyPolicy;
  #adaptive: AdaptiveLimit | undefined;
  #shedding: Shedding | undefined;
  #begunInTurn = 0;
  #isTurnPlanned = false;
  #accountedMs: number;
  #meanRunMs = 0;
  #toldLimit = 0;

  constructor(policy: ConcurrencyPolicy, shed: ShedPolicy | undefined, deps: LimiterDeps) {
    this.#deps = deps;
    this.#policy = policy;
    this.#accountedMs = deps.clock.monotonicMs();
    this.#line = new WaitingLine({ clock: deps.clock, onLeave: () => this.#account(deps.clock.monotonicMs()) });
    this.update(policy, shed);
  }

  /** Calls that may run at a time now. */
  get limit(): number {
    return this.#adaptive?.current ?? this.#policy.limit;
  }

  /** Another policy. What was found out stays where both are adaptive, and nobody loses their place. */
  update(policy: ConcurrencyPolicy, shed: ShedPolicy | undefined): void {
    this.#policy = policy;
    if (policy.adaptive === undefined) this.#adaptive = undefined;
    else if (this.#adaptive === undefined) this.#adaptive = new AdaptiveLimit(policy.adaptive, policy.limit);
    else this.#adaptive.setBounds(policy.adaptive);
    if (shed === undefined) this.#shedding = undefined;
    else if (this.#shedding === undefined) this.#shedding = new Shedding(shed.targetWaitMs);
    else this.#shedding.update(shed.targetWaitMs);
    this.#tellLimit();
    this.#planTurn();
  }

  /** A slot at once where there is room, else when it is the call's turn, or why it is not let in. Never rejects. */
  acquire(signal: AbortSignal | undefined): Slot | NotAdmitted | Promise<Slot | NotAdmitted> {
    if (signal?.aborted) return { code: 'cancelled' };
    const nowMs = this.#deps.clock.monotonicMs();
    if (this.#line.length === 0 && this.#hasRoom(nowMs)) return this.#begin(nowMs);
    this.#account(nowMs);
    this.#shedding?.observe(this.#line.longestWaitMs(nowMs), nowMs);
    if (this.#shedding?.isShedding(nowMs)) return { code: 'shed', retryAfterMs: this.#expectedWaitMs() };
    if (this.#line.length >= this.#policy.maxQueued) {
      return { code: 'queue_full', retryAfterMs: this.#expectedWaitMs() };
    }
    return this.#wait(nowMs, signal);
  }

  /** The call has ended. Goodput, the answers that are worth something, is what an adaptive limit goes by. */
  release(slot: Slot, isOk: boolean): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#running.delete(slot);
    this.#meanRunMs += RUN_TIME_SHARE * (nowMs - slot.startedMs - this.#meanRunMs);
    if (this.#line.length === 0) return;
    this.#account(nowMs);
    this.#adaptive?.complete(isOk);
    this.#tellLimit();
    this.#planTurn();
  }

  /** There is no limit any more: whoever waits runs. */
  end(): void {
    const startedMs = this.#deps.clock.monotonicMs();
    while (this.#line.length > 0) this.#line.callFirst({ startedMs });
  }

  async #wait(nowMs: number, signal: AbortSignal | undefined): Promise<Slot | NotAdmitted> {
    const turn = this.#line.join(nowMs, this.#policy.maxWaitMs, signal);
    // It may be that nothing runs whose end would be the occasion.
    this.#planTurn();
    const how = await turn;
    this.#deps.onWaited(this.#deps.clock.monotonicMs() - nowMs);
    if (how === 'expired') return { code: 'queue_timeout', retryAfterMs: this.#expectedWaitMs() };
    if (how === 'cancelled') return { code: 'cancelled' };
    if (!signal?.aborted) return how;
    this.release(how, false);
    return { code: 'cancelled' };
  }

  #hasRoom(nowMs: number): boolean {
    this.#forgetStuck(nowMs);
    if (this.#running.size >= this.limit) return false;
    // Where nobody may wait, the next turn is no alternative.
    return this.#begunInTurn < this.limit || this.#policy.maxQueued === 0;
  }

  #forgetStuck(nowMs: number): void {
    for (const slot of this.#running) {
      if (nowMs - slot.startedMs < LONGEST_HOLD_MS) return;
      this.#running.delete(slot);
    }
  }

  #begin(nowMs: number): Slot {
    const slot = { startedMs: nowMs };
    this.#running.add(slot);
    this.#begunInTurn += 1;
    this.#planTurn();
    return slot;
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    this.#deps.clock.soon(() => {
      this.#isTurnPlanned = false;
      this.#begunInTurn = 0;
      this.#callWaiting();
    });
  }

  #callWaiting(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#account(nowMs);
    this.#line.expire(nowMs);
    while (this.#line.length > 0 && this.#hasRoom(nowMs)) {
      this.#shedding?.observe(this.#line.longestWaitMs(nowMs), nowMs);
      this.#line.callFirst(this.#begin(nowMs));
    }
    if (this.#line.length === 0) this.#shedding?.observe(0, nowMs);
  }

  /** The time since the last time counts for an adaptive limit if somebody was waiting in it. To be called before the line changes. */
  #account(nowMs: number): void {
    if (this.#line.length > 0) this.#adaptive?.advance(nowMs - this.#accountedMs);
    this.#accountedMs = nowMs;
  }

  /** How long it takes until all who wait have had their turn. */
  #expectedWaitMs(): number {
    return (this.#meanRunMs * (this.#line.length + 1)) / this.limit;
  }

  #tellLimit(): void {
    const limit = this.#adaptive?.settled ?? this.#policy.limit;
    if (limit === this.#toldLimit) return;
    this.#toldLimit = limit;
    this.#deps.onLimit(limit);
  }
}
