/**
 * When the calls of an open loop are meant to start. At equal distances a server that is just quick enough never has two calls
 * at a time; independent clients come in bunches, as a Poisson process does (distances from the exponential distribution).
 */
import { randomSource } from './schedule.ts';

export type Arrivals = 'constant' | 'poisson';

export interface ArrivalOptions {
  perSecond: number;
  arrivals: Arrivals;
  /** The same times for the same seed. */
  seed: number;
}

/** @returns milliseconds since the beginning, ascending, without end */
export function* arrivalTimes({ perSecond, arrivals, seed }: ArrivalOptions): Generator<number> {
  const meanMs = 1_000 / perSecond;
  const random = randomSource(seed);
  const gapMs = arrivals === 'constant' ? () => meanMs : () => -Math.log(1 - random()) * meanMs;
  let atMs = arrivals === 'constant' ? 0 : gapMs();
  for (;;) {
    yield atMs;
    atMs += gapMs();
  }
}
