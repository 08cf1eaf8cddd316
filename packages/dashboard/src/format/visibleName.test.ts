import { expect, it } from 'vitest';
import { alertValue } from './alertValue.ts';
import { visibleName } from './visibleName.ts';

it('writes out what cannot be seen, and leaves the rest', () => {
  expect(visibleName('search_\u202Eexe\u200B')).toBe('search_\\u{202e}exe\\u{200b}');
  expect(visibleName('أداة 👩‍🚀 search/ü')).toBe('أداة 👩\\u{200d}🚀 search/ü');
});

it('says what an alert is at in the unit of its condition', () => {
  expect(alertValue({ currentValue: 1372.4, condition: 'response_time > 1000ms' })).toBe('1,372 ms');
  expect(alertValue({ currentValue: 5.882, condition: 'error_rate > 5%' })).toBe('5.88 %');
  expect(alertValue({ currentValue: 900, condition: 'memory_growth detected' })).toBe('900');
});
