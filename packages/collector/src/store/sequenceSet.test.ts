import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceSet } from './sequenceSet.ts';

describe('a set of sequence numbers', () => {
  it('has exactly what was added, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (added) => {
        const set = new SequenceSet();
        for (const seq of added) set.add(seq);
        for (let seq = 1; seq <= 61; seq++) expect(set.has(seq)).toBe(added.includes(seq));
      }),
    );
  });

  it('keeps a huge jump as one range', () => {
    const set = new SequenceSet();
    set.add(2 ** 50);
    set.add(2 ** 40);
    expect(set.gaps).toEqual([
      [1, 2 ** 40 - 1],
      [2 ** 40 + 1, 2 ** 50 - 1],
    ]);
  });

  it('gives the oldest gaps up rather than grow without end, and counts them as seen', () => {
    const set = new SequenceSet();
    for (let seq = 2; seq <= 4_000; seq += 2) set.add(seq);
    expect(set.gaps).toHaveLength(1_000);
    expect(set.has(1)).toBe(true);
    expect(set.has(3_999)).toBe(false);
  });
});
