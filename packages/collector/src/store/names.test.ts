import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedName } from './names.ts';

describe('a stored name', () => {
  it.each([
    ['search_web', 'search_web'],
    ['a\0b\n', 'a␀b␊'],
    ['\u007f', '␡'],
    ['\ud800x', '\ufffdx'],
    ['', '(unnamed)'],
    ['🚀', '🚀'],
  ])('%j is kept as %j', (name, stored) => {
    expect(storedName(name, 200)).toBe(stored);
  });

  it('is well-formed, within the limit, and what it becomes when it is stored again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const stored = storedName(name, 20);
        expect(stored.length).toBeLessThanOrEqual(20);
        expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
        expect(stored).not.toContain('\0');
        expect(storedName(stored, 20)).toBe(stored);
      }),
    );
  });

  it('tells long names apart that begin alike', () => {
    expect(storedName(`${'x'.repeat(300)}1`, 200)).not.toBe(storedName(`${'x'.repeat(300)}2`, 200));
  });
});
