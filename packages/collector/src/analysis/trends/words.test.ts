import { describe, expect, it } from 'vitest';
import { dayAndHour, dayOf, daysBetween, figure, signedPercent } from './words.ts';

const at = (day: string) => Date.parse(day);
const NOW = at('2026-03-01T00:00:00Z');

describe('words', () => {
  it('of days', () => {
    expect(dayOf(at('2026-03-03T23:00:00Z'), NOW)).toBe('3 March');
    expect(dayOf(at('2027-01-03'), NOW)).toBe('3 January 2027');
    expect(dayAndHour(at('2026-03-03T14:00:00Z'), NOW)).toBe('3 March 14:00');
  });

  it.each([
    ['2026-03-03', '2026-03-19', 'between 3 and 19 March'],
    ['2026-02-28', '2026-03-03', 'between 28 February and 3 March'],
    ['2026-12-28', '2027-01-03', 'between 28 December and 3 January 2027'],
    ['2027-01-03', '2027-01-09', 'between 3 and 9 January 2027'],
  ])('of %s to %s', (from, to, words) => {
    expect(daysBetween(at(from), at(to), NOW)).toBe(words);
  });

  it('of figures', () => {
    expect([figure(0.01234, 'ms'), figure(12_345.6, ''), figure(Number.POSITIVE_INFINITY, 'ms')]).toEqual([
      '0.0123 ms',
      '12,346',
      'unknown',
    ]);
    expect([signedPercent(12.34), signedPercent(-3)]).toEqual(['+12.3 %', '-3 %']);
  });
});
