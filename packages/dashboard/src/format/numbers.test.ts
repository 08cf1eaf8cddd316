import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAgo, formatMs, formatNumber, formatPercent, formatSpan, formatTime } from './numbers.ts';

describe('numbers for people', () => {
  it('have three digits, and all of them before the point', () => {
    expect([0, 0.12345, 12.345, 999.4, 1234.5, 1_234_567].map(formatNumber)).toEqual([
      '0',
      '0.123',
      '12.3',
      '999',
      '1,235',
      '1,234,567',
    ]);
  });

  it('say durations in the unit that fits', () => {
    expect([0, 0.5, 999, 1000, 1234, 119_000, 120_000, 6_000_000].map(formatMs)).toEqual([
      '0 ms',
      '0.5 ms',
      '999 ms',
      '1 s',
      '1.23 s',
      '119 s',
      '2 min',
      '100 min',
    ]);
  });

  it('tell a little from nothing', () => {
    expect([0, 0.001, 0.01, 12.345, 100].map(formatPercent)).toEqual(['0 %', '<0.01 %', '0.01 %', '12.3 %', '100 %']);
  });

  it('say spans in whole units, and none before its time', () => {
    expect([-5, 0, 59_999, 60_000, 119_000, 7_199_000, 7_200_000, 172_800_000].map(formatSpan)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 min',
      '119 min',
      '2 h',
      '2 d',
    ]);
    expect(formatAgo('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:10:00Z'))).toBe('10 min ago');
  });

  it('name the day where it is not today', () => {
    const now = new Date(2026, 4, 12, 15, 30).getTime();
    expect(formatTime(new Date(2026, 4, 12, 9, 5).getTime(), now)).toBe('09:05');
    expect(formatTime(new Date(2026, 4, 11, 9, 5).getTime(), now)).toBe('Mon 11 May, 09:05');
  });

  it('never say NaN of what the API may send', () => {
    const figure = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        figure,
        (value) =>
          !/NaN|Infinity|e\+/.test(
            [formatNumber, formatMs, formatPercent, formatSpan].map((each) => each(value)).join(),
          ),
      ),
    );
  });
});
