/**
 * The way of one call of one tool through the controls of a policy: an answer that is there already, a call like it that is
 * under way, the rate, the line, the time-out, and then the tool. The tool runs at most once for a call.
 */
import type { CachePolicy, ControlEvent, RefusalCode, ToolPolicy } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import { follow } from '../instrument/follow.ts';
import { AnswerCache, type ByteBudget } from './answerCache.ts';
import { Coalescing } from './coalescing.ts';
import { ConcurrencyLimiter, type NotAdmitted, type Slot } from './concurrencyLimiter.ts';
import { refusal } from './refusal.ts';
import { runWithTimeout } from './timeout.ts';
import { TokenBucket } from './tokenBucket.ts';

/** One call, as far as controls have to do with it. */
export interface ControlledCall {
  /** Of the request: aborted when the client cancels. */
  readonly signal: AbortSignal | undefined;
  /** The same for calls that may have the same answer; undefined where none may. */
  key(control: 'cache' | 'coalesce'): string | undefined;
  /** Runs the tool, with another signal than that of the request where one is given. */
  run(signal?: AbortSignal): unknown;
}

export interface ToolControlsDeps {
  clock: Pick<Clock, 'monotonicMs' | 'after' | 'soon'>;
  budget: ByteBudget;
  version(): number;
  /** Whether an answer is one that is worth something, and may be given again. */
  isOk(answer: unknown): boolean;
  onEvent(event: ControlEvent): void;
  onWaited(waitMs: number): void;
  onLimit(limit: number): void;
}

export class ToolControls {
  readonly #deps: ToolControlsDeps;
  #policy: ToolPolicy;
  #limiter: ConcurrencyLimiter | undefined;
  #bucket: TokenBucket | undefined;
  #cache: AnswerCache | undefined;
  readonly #coalescing = new Coalescing();

  constructor(policy: ToolPolicy, deps: ToolControlsDeps) {
    this.#deps = deps;
    this.#policy = policy;
    this.update(policy);
  }

  get policy(): ToolPolicy {
    return this.#policy;
  }

  /** Calls that may run at a time now; undefined where there is no limit. */
  get limit(): number | undefined {
    return this.#limiter?.limit;
  }

  /** Another policy: what goes on in both keeps its state. */
  update(policy: ToolPolicy): void {
    this.#policy = policy;
    this.#updateLimiter(policy);
    this.#updateCache(policy.cache);
    const nowMs = this.#deps.clock.monotonicMs();
    if (policy.rate === undefined) this.#bucket = undefined;
    else if (this.#bucket === undefined) this.#bucket = new TokenBucket(policy.rate, nowMs);
    else this.#bucket.update(policy.rate, nowMs);
  }

  /** The tool is as it was written: whoever waits runs, and nothing is kept. */
  end(): void {
    this.update({});
  }

  /** The tool has changed: what it said before may be wrong now. */
  forgetAnswers(): void {
    this.#cache?.clear();
  }

  /**
   * What the tool answers to this call, or what is answered in its place.
   * @throws what the tool throws
   */
  run(call: ControlledCall): unknown {
    if (this.#cache === undefined) return this.#coalesced(call);
    const key = call.key('cache');
    return key === undefined ? this.#coalesced(call) : this.#cached(this.#cache, key, call);
  }

  #cached(cache: AnswerCache, key: string, call: ControlledCall): unknown {
    const { clock, isOk, onEvent } = this.#deps;
    const known = cache.get(key, clock.monotonicMs());
    onEvent(known === undefined ? 'cache_miss' : 'cache_hit');
    if (known !== undefined) return known;
    const keep = (answer: unknown) => {
      // Meanwhile the policy may have ended, and with it this cache.
      if (cache === this.#cache && isOk(answer)) cache.put(key, answer, clock.monotonicMs());
    };
    const answer = this.#coalesced(call);
    if (!follow(answer, keep, () => {})) keep(answer);
    return answer;
  }

  #coalesced(call: ControlledCall): unknown {
    const key = this.#policy.coalesce === undefined ? undefined : call.key('coalesce');
    if (key === undefined) return this.#admitted(call, call.signal, false);
    const begin = (signal: AbortSignal) => this.#admitted(call, signal, true);
    const { answer, isFollower } = this.#coalescing.join(key, begin, call.signal);
    if (isFollower) this.#deps.onEvent('coalesced');
    return answer;
  }

  /** @param isOtherSignal whether `signal` is not that of the request */
  #admitted(call: ControlledCall, signal: AbortSignal | undefined, isOtherSignal: boolean): unknown {
    const waitMs = this.#bucket?.take(this.#deps.clock.monotonicMs()) ?? 0;
    if (waitMs > 0) return this.#refuse('rate_limited', waitMs);
    const limiter = this.#limiter;
    if (limiter === undefined) return this.#timed(call, signal, isOtherSignal, () => {});
    const go = (admission: Slot | NotAdmitted) => {
      if ('code' in admission) return this.#turnAway(admission, signal);
      return this.#timed(call, signal, isOtherSignal, (isOk) => limiter.release(admission, isOk));
    };
    const admission = limiter.acquire(signal);
    if (!(admission instanceof Promise)) return go(admission);
    this.#deps.onEvent('queued');
    return admission.then(go);
  }

  /** @param onEnd is told once when the tool has ended, which may be later than the answer */
  #timed(
    call: ControlledCall,
    signal: AbortSignal | undefined,
    isOtherSignal: boolean,
    onEnd: (isOk: boolean) => void,
  ): unknown {
    const run = (given?: AbortSignal) => runAndTell(() => call.run(given), this.#deps.isOk, onEnd);
    const afterMs = this.#policy.timeout?.afterMs;
    if (afterMs === undefined) return run(isOtherSignal ? signal : undefined);
    const answer = () => this.#refuse('timeout');
    return runWithTimeout(run, signal, { clock: this.#deps.clock, afterMs, answer });
  }

  /** @throws the reason of a cancellation, which nobody gets to see: the client is not answered */
  #turnAway({ code, retryAfterMs }: NotAdmitted, signal: AbortSignal | undefined): object {
    if (code === 'cancelled') throw signal?.reason ?? new DOMException('The call was cancelled.', 'AbortError');
    return this.#refuse(code, retryAfterMs);
  }

  #refuse(code: RefusalCode, retryAfterMs?: number): object {
    this.#deps.onEvent(code);
    return refusal(code, this.#deps.version(), retryAfterMs);
  }

  #updateLimiter({ concurrency, shed }: ToolPolicy): void {
    if (concurrency === undefined) {
      this.#limiter?.end();
      this.#limiter = undefined;
    } else if (this.#limiter === undefined) {
      this.#limiter = new ConcurrencyLimiter(concurrency, shed, this.#deps);
    } else this.#limiter.update(concurrency, shed);
  }

  #updateCache(cache: CachePolicy | undefined): void {
    if (cache === undefined) {
      this.#cache?.clear();
      this.#cache = undefined;
    } else if (this.#cache === undefined) this.#cache = new AnswerCache(cache, this.#deps.budget);
    else this.#cache.update(cache);
  }
}

/** Runs `run` once and tells how it ended. @throws what `run` throws */
function runAndTell(run: () => unknown, isOk: (answer: unknown) => boolean, onEnd: (isOk: boolean) => void): unknown {
  let answer: unknown;
  try {
    answer = run();
  } catch (error) {
    onEnd(false);
    throw error;
  }
  const answered = (value: unknown) => onEnd(isOk(value));
  if (!follow(answer, answered, () => onEnd(false))) answered(answer);
  return answer;
}
