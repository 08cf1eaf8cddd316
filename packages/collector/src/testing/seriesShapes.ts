/** Series for tests of trends: noise that is the same on every run, and shapes to add to it. */
import { randomNumbers } from './weeksOfCalls.ts';

/** Standard normal numbers, each hanging on the one before by `memory`, from 0, not at all, to below 1. */
export function noise(length: number, seed: number, memory = 0): Float64Array {
  const random = randomNumbers(seed);
  for (let i = 0; i < 10; i++) random();
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  let last = normal();
  return Float64Array.from({ length }, () => {
    last = memory * last + Math.sqrt(1 - memory ** 2) * normal();
    return last;
  });
}

export function series(length: number, valueAt: (i: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, i) => valueAt(i));
}
