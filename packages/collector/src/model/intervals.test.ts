import { Digest } from '@mcp-vitals/sketch';
import { describe, expect, it } from 'vitest';
import { quantileInterval, shareInterval } from './intervals.ts';
import { upperTail, zOfUpperTail } from './normal.ts';

describe('the interval of a quantile', () => {
  const hundred = Digest.ofSorted(Float64Array.from({ length: 100 }, (_, i) => i + 1));

  it('is between samples, the narrower the more there are', () => {
    expect(quantileInterval(0.5, hundred, 100, 2)).toEqual([40, 60]);
    expect(quantileInterval(0.5, hundred, 25, 2)).toEqual([30, 70]);
  });

  it('has no end where no sample is one', () => {
    expect(quantileInterval(0.99, hundred, 100, 2)[1]).toBe(Number.POSITIVE_INFINITY);
    expect(quantileInterval(0.01, hundred, 100, 2)[0]).toBe(0);
  });
});

it('the interval of a share is that of Wilson', () => {
  // Newcombe 1998, table I: 15 of 148, and none of 20.
  const [low, high] = shareInterval(15 / 148, 148, 1.96);
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0624', '0.1605']);
  const [none, most] = shareInterval(0, 20, 1.96);
  expect([none, most.toFixed(4)]).toEqual([0, '0.1611']);
});

it.each([
  [0.5, 0],
  [0.05, 1.644854],
  [0.01, 2.326348],
  [0.0005, 3.290527],
])('%f of normal values are above %f', (likelihood, z) => {
  expect(zOfUpperTail(likelihood)).toBeCloseTo(z, 2);
  expect(upperTail(z)).toBeCloseTo(likelihood, 5);
  expect(upperTail(-z)).toBeCloseTo(1 - likelihood, 5);
});
