/**
 * The control `coalesce`: calls that are the same and under way together become one. Each of them may be cancelled for
 * itself; the tool is told to stop when nobody waits any more.
 */
import { follow } from '../instrument/follow.ts';
import { refusalCodeOf } from './refusal.ts';

interface Shared {
  waiting: number;
  readonly abort: AbortController;
  readonly answer: Promise<unknown>;
}

/** How a call was answered. */
export interface Joined {
  answer: Promise<unknown>;
  /** Whether another call's answer is given. */
  isFollower: boolean;
}

export class Coalescing {
  readonly #underWay = new Map<string, Shared>();

  /**
   * Joins the call with this key that is under way, or begins it with `run`. The answer rejects when `signal` is aborted,
   * and with what `run` throws.
   */
  join(key: string, run: (signal: AbortSignal) => unknown, signal: AbortSignal | undefined): Joined {
    const known = this.#underWay.get(key);
    const shared = known ?? this.#begin(key, run);
    shared.waiting += 1;
    const mine = known === undefined ? shared.answer : shared.answer.then(copyOf);
    return { answer: this.#await(key, shared, mine, signal), isFollower: known !== undefined };
  }

  #begin(key: string, run: (signal: AbortSignal) => unknown): Shared {
    const abort = new AbortController();
    const answer = new Promise<unknown>((resolve, reject) => {
      const promised = run(abort.signal);
      if (!follow(promised, resolve, reject)) resolve(promised);
    });
    const shared: Shared = { waiting: 0, abort, answer };
    this.#underWay.set(key, shared);
    const forget = () => this.#forget(key, shared);
    answer.then(forget, forget);
    return shared;
  }

  #await(key: string, shared: Shared, answer: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        shared.waiting -= 1;
        reject(signal?.reason);
        if (shared.waiting > 0) return;
        this.#forget(key, shared);
        shared.abort.abort(signal?.reason);
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener('abort', leave, { once: true });
      const unlisten = () => signal?.removeEventListener('abort', leave);
      answer.then(unlisten, unlisten);
      answer.then(resolve, reject);
    });
  }

  #forget(key: string, shared: Shared): void {
    if (this.#underWay.get(key) === shared) this.#underWay.delete(key);
  }
}

/** What one client does with its answer must not reach the others; what has no JSON cannot be sent to any of them. */
function copyOf(answer: unknown): unknown {
  if (answer === undefined || refusalCodeOf(answer) !== undefined) return answer;
  return JSON.parse(JSON.stringify(answer));
}
