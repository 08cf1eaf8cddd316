import { describe, expect, it } from 'vitest';
import { counted, dateTime, milliseconds, percent, span } from './numbers.ts';

describe('numbers for people', () => {
  it('keeps three digits, and all before the point', () => {
    expect([0, 0.01234, 9.876, 123.4, 1234.5, 1e7].map(milliseconds)).toEqual([
      '0 ms',
      '0.0123 ms',
      '9.88 ms',
      '123 ms',
      '1,235 ms',
      '10,000,000 ms',
    ]);
    expect(percent(99.96)).toBe('100 %');
  });

  it('counts, names spans and times', () => {
    expect([counted(1, 'call'), counted(1200, 'call')]).toEqual(['1 call', '1,200 calls']);
    expect([500, 1500, 90_000, 5_400_000, 129_600_000].map(span)).toEqual([
      '500 ms',
      '1.5 s',
      '1.5 min',
      '1.5 h',
      '1.5 d',
    ]);
    expect(dateTime(Date.parse('2025-10-31T13:00:00.999Z'))).toBe('2025-10-31 13:00:00');
  });
});
