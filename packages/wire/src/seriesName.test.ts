import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { formatSeriesName, parseSeriesName } from './seriesName.ts';

const numRuns = 200 * inject('thoroughness');
const legal = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);

describe('series names with labels', () => {
  it('are written as Prometheus writes them, sorted by label', () => {
    expect(formatSeriesName('cache_hits', { tier: 'a"b\\c\nd', cache: 'users' })).toBe(
      'cache_hits{cache="users",tier="a\\"b\\\\c\\nd"}',
    );
    expect(formatSeriesName('plain')).toBe('plain');
    expect(formatSeriesName('9 lives!', { 'a-b': '' })).toBe('_9_lives_{a_b=""}');
    expect(formatSeriesName('')).toBe('_');
  });

  it('come back as they were, whatever the values are', () => {
    fc.assert(
      fc.property(legal, fc.dictionary(legal, fc.string({ unit: 'binary' })), (name, labels) => {
        expect(parseSeriesName(formatSeriesName(name, labels))).toEqual({ name, labels: { ...labels } });
      }),
      { numRuns },
    );
  });

  it('are read from any text without an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { name, labels } = parseSeriesName(text);
        if (Object.keys(labels).length === 0) expect(text === name || text === `${name}{}`).toBe(true);
      }),
      { numRuns },
    );
    expect(parseSeriesName('name{a="1"b="2"}')).toEqual({ name: 'name{a="1"b="2"}', labels: {} });
    expect(parseSeriesName('name{a="1}')).toEqual({ name: 'name{a="1}', labels: {} });
  });
});
