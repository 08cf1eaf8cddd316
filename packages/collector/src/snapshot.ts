/**
 * One value for many viewers: made at most once per interval, whoever asks and however many. Who asks while it is made
 * again gets the one before, so that nobody waits for what somebody else caused; only the first has to.
 */
import type { Clock } from './clock.ts';

export class Snapshot<Value> {
  #value: Value | undefined;
  #madeAtMs = Number.NEGATIVE_INFINITY;
  #making: Promise<Value> | undefined;

  /**
   * @param freshMs age up to which a value is handed out without making another
   * @param staleMs age up to which it is handed out while another is made
   */
  constructor(
    private readonly make: () => Promise<Value>,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly freshMs: number,
    private readonly staleMs: number,
  ) {}

  /** Rejects only where a value is waited for. */
  async get(): Promise<Value> {
    const ageMs = this.clock.monotonicMs() - this.#madeAtMs;
    if (ageMs < this.freshMs) return this.#value!;
    const making = this.#renew();
    if (ageMs >= this.staleMs) return making;
    making.catch(() => {});
    return this.#value!;
  }

  /** For when it is known to be out of date: whoever asks next waits. */
  invalidate(): void {
    this.#madeAtMs = Number.NEGATIVE_INFINITY;
    this.#making = undefined;
  }

  #renew(): Promise<Value> {
    if (this.#making !== undefined) return this.#making;
    const making = this.make();
    this.#making = making;
    const settle = (keep?: Value) => {
      // One that was begun before an invalidation is not kept.
      if (this.#making !== making) return;
      this.#making = undefined;
      if (keep === undefined) return;
      this.#value = keep;
      this.#madeAtMs = this.clock.monotonicMs();
    };
    making.then(settle, () => settle());
    return making;
  }
}
