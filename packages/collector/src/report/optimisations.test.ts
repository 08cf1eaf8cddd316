import { Digest } from '@mcp-vitals/sketch';
import { describe, expect, it } from 'vitest';
import type { SeriesRollup } from '../model/rollup.ts';
import { optimisationsOf, timeAbove } from './optimisations.ts';

function tool(name: string, durationsMs: readonly number[]): SeriesRollup {
  const sorted = Float64Array.from(durationsMs).sort();
  return {
    series: { server: 'files', kind: 'tool', name },
    startMs: 0,
    outcomes: [sorted.length, 0, 0, 0, 0, 0, 0],
    sumMs: sorted.reduce((sum, ms) => sum + ms, 0),
    minMs: sorted[0] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
    digest: Digest.ofSorted(sorted),
  };
}

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

describe('optimisationsOf', () => {
  it('adds up what single calls took beyond twice the usual', () => {
    const [first] = optimisationsOf([tool('spiky', [...times(18, 10), 520, 1020])]);
    expect(first).toMatchObject({
      tool: 'spiky',
      reason: 'slow_tail',
      gainMs: 1500,
      slowCalls: 2,
      calls: 20,
      p50Ms: 10,
    });
    expect(first!.gainPercent).toBeCloseTo((100 * 1500) / 1720, 9);
  });

  it('adds up what a tool that is slow as a rule takes beyond the target', () => {
    const [first] = optimisationsOf([tool('slow', times(20, 400))]);
    expect(first).toMatchObject({ reason: 'slow_usually', gainMs: 6000, gainPercent: 75, slowCalls: 20 });
  });

  it('puts the largest gain first, and leaves out what is fast, rare or of no weight', () => {
    const found = optimisationsOf([
      tool('fast', times(1000, 20)),
      tool('rare', times(9, 9000)),
      tool('slow', times(20, 400)),
      tool('slower', times(20, 800)),
      tool('nothing', [...times(100, 1), 3]),
    ]);
    expect(found.map((each) => each.tool)).toEqual(['slower', 'slow']);
    expect(optimisationsOf([])).toEqual([]);
    expect(optimisationsOf([tool('idle', times(20, 0))])).toEqual([]);
  });
});

it('counts no call twice', () => {
  expect(timeAbove(tool('any', [1, 2, 3, 4]), 2)).toBe(3);
  expect(timeAbove(tool('any', [1, 2, 3, 4]), 0)).toBe(10);
  expect(timeAbove({ digest: undefined }, 0)).toBe(0);
});
