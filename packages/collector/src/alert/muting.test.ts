import { describe, expect, it } from 'vitest';
import { matches } from '../model/namePattern.ts';
import { isWithinHours } from './muting.ts';

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00', timezone: 'Europe/Berlin', exceptCritical: true };

  it.each([
    ['2026-01-10T20:59:00Z', false],
    ['2026-01-10T21:00:00Z', true],
    ['2026-01-11T05:59:59Z', true],
    ['2026-01-11T06:00:00Z', false],
    // Summer time begins in the night of 29 March: seven in the morning is an hour earlier by UTC from then on.
    ['2026-03-28T21:00:00Z', true],
    ['2026-03-29T04:59:00Z', true],
    ['2026-03-29T05:00:00Z', false],
    // And ends in that of 25 October.
    ['2026-10-24T20:00:00Z', true],
    ['2026-10-25T05:59:00Z', true],
    ['2026-10-25T06:00:00Z', false],
  ])('go by the clock on the wall: %s', (time, expected) => {
    expect(isWithinHours(Date.parse(time), night)).toBe(expected);
  });

  it('may lie within a day, and with equal ends are all of it', () => {
    const noon = { ...night, from: '12:00', to: '13:00', timezone: 'UTC' };
    expect(isWithinHours(Date.parse('2026-01-10T12:30:00Z'), noon)).toBe(true);
    expect(isWithinHours(Date.parse('2026-01-10T13:00:00Z'), noon)).toBe(false);
    expect(isWithinHours(Date.parse('2026-01-10T00:00:00Z'), { ...noon, to: '12:00' })).toBe(true);
  });
});

it.each([
  ['shop', 'shop', true],
  ['shop', 'shop2', false],
  ['*', '', true],
  ['shop-*', 'shop-eu', true],
  ['*-prod', 'shop-prod', true],
  ['a*a', 'a', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'acb', false],
  ['*x*', '__proto__', false],
  ['.*', 'anything', false],
])('pattern %s and name %s: %s', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});
