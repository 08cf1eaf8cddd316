import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RANGES,
  type Range,
  rangeLengthMs,
  rangeName,
  rangeParams,
  rangeQuery,
  readRange,
  refreshMs,
} from './range.ts';

const ranges = fc.oneof(
  fc.constantFrom(...Object.values(RANGES)).map((minutes): Range => ({ kind: 'newest', minutes })),
  fc
    .tuple(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.integer({ min: 1, max: 34_000_000_000 }))
    .map(([fromMs, lengthMs]): Range => ({ kind: 'fixed', fromMs, toMs: fromMs + lengthMs })),
);

describe('a range', () => {
  it('is the same after a way through an address', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        expect(readRange(new URLSearchParams(rangeQuery(range) as Record<string, string>))).toEqual(range);
      }),
    );
  });

  it('is the usual one where an address says nothing that makes sense', () => {
    const usual = readRange(new URLSearchParams());
    expect(rangeName(usual)).toBe('6h');
    for (const query of [
      'range=17y',
      'range=__proto__',
      'from=x&to=y',
      'from=2026-01-02&to=2026-01-01',
      'from=2026-01-01',
    ])
      expect(readRange(new URLSearchParams(query))).toEqual(usual);
  });

  it('is no longer than what is kept', () => {
    const range = readRange(new URLSearchParams('from=2010-01-01&to=2026-01-01'));
    expect(rangeLengthMs(range)).toBe(400 * 86_400_000);
  });

  it('asks the API for as much as it shows', () => {
    expect(rangeParams({ kind: 'newest', minutes: 60 })).toEqual({ minutes: 60 });
    expect(rangeParams({ kind: 'fixed', fromMs: 0, toMs: 60_000 })).toEqual({
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T00:01:00.000Z',
    });
    expect(rangeLengthMs({ kind: 'newest', minutes: 15 })).toBe(900_000);
  });

  it('is asked for again as often as it moves: what is over, never', () => {
    const every = Object.values(RANGES).map((minutes) => refreshMs({ kind: 'newest', minutes })!);
    expect(every).toEqual([...every].sort((a, b) => a - b));
    expect(refreshMs({ kind: 'fixed', fromMs: 0, toMs: 1 })).toBeUndefined();
  });
});
