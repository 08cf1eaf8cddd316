/** A value that components follow. */
import { useLayoutEffect, useState } from 'preact/hooks';

export class Observable<Value> {
  readonly #followers = new Set<() => void>();
  #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  set value(value: Value) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const follower of [...this.#followers]) follower();
  }

  /** Returns what ends it. */
  follow(follower: () => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}

/** The value, and a new rendering whenever it changes. */
export function useObservable<Value>(observable: Observable<Value>): Value {
  const [, render] = useState({});
  const { value } = observable;
  // Between a rendering and the effect the value may have become another one, of which nobody would tell any more.
  useLayoutEffect(() => {
    if (!Object.is(observable.value, value)) render({});
    return observable.follow(() => render({}));
  }, [observable]);
  return value;
}
