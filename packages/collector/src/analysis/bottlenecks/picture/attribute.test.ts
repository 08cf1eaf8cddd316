import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { randomNumbers } from '../../../testing/weeksOfCalls.ts';
import { amountsPerCall } from './attribute.ts';

const SLOTS = 60;
const WIDTHS = new Float64Array(SLOTS).fill(1_000);

it('finds what each call takes, from totals of all', () => {
  const perCall = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(perCall, fc.integer({ min: 1, max: 1e6 }), (amounts, seed) => {
      const random = randomNumbers(seed);
      const calls = amounts.map(() => Float64Array.from({ length: SLOTS }, () => Math.floor(8 * random())));
      const totals = new Float64Array(SLOTS).map((_, slot) =>
        amounts.reduce((sum, ms, i) => sum + ms * calls[i]![slot]!, 0),
      );
      const found = amountsPerCall(
        calls,
        totals,
        amounts.map(() => 1_000),
        WIDTHS,
      );
      for (const [i, ms] of amounts.entries()) expect(Math.abs(found[i]! - ms)).toBeLessThan(3);
    }),
    { numRuns: 50 * inject('thoroughness') },
  );
});

it('leaves to the process what it takes without being called', () => {
  const [rare] = amountsPerCall([new Float64Array(SLOTS).fill(1)], new Float64Array(SLOTS).fill(30), [100], WIDTHS);
  expect(rare).toBeLessThan(1);
});

it('keeps to what a call can take, and above zero', () => {
  const steady = new Float64Array(SLOTS).fill(10);
  const busy = new Float64Array(SLOTS).map((_, slot) => (slot < 30 ? 5 : 20));
  // Of the two only the second can have taken it, though the first is there all the time.
  const [first, second] = amountsPerCall(
    [steady, busy],
    busy.map((calls) => 40 * calls + 30),
    [5, 60],
    WIDTHS,
  );
  expect(first).toBeLessThanOrEqual(5);
  expect(second).toBeGreaterThan(38);
  const unknown = new Float64Array(SLOTS).fill(Number.NaN);
  expect(amountsPerCall([steady], unknown, [10], WIDTHS)).toEqual([0]);
});
