import fc from 'fast-check';
import { expect, inject, it, test } from 'vitest';
import { TokenBucket } from './tokenBucket.ts';

it('lets a burst through, then a steady rate, and says when to come back', () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, 0);
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0]);
  expect(bucket.take(0)).toBe(500);
  expect(bucket.take(400)).toBeCloseTo(100, 6);
  expect(bucket.take(500)).toBe(0);
});

it('keeps its tokens when the rate changes, as far as there is room', () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 100 }, 0);
  bucket.update({ perSecond: 1, burst: 2 }, 0);
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 1_000]);
});

test('in no span are there more than the burst and what the rate allows', () => {
  const gaps = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 200 });
  const policy = fc.record({
    perSecond: fc.double({ min: 0.1, max: 100, noNaN: true }),
    burst: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(gaps, policy, (gapsMs, rate) => {
      const bucket = new TokenBucket(rate, 0);
      let nowMs = 0;
      const takenMs: number[] = [];
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        if (bucket.take(nowMs) === 0) takenMs.push(nowMs);
      }
      takenMs.forEach((fromMs, first) => {
        const spanMs = takenMs.at(-1)! - fromMs;
        expect(takenMs.length - first).toBeLessThanOrEqual(rate.burst + (spanMs * rate.perSecond) / 1_000 + 1e-6);
      });
    }),
    { numRuns: 100 * inject('thoroughness') },
  );
});
