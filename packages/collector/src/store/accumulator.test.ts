import { Digest } from '@mcp-vitals/sketch';
import type { Window } from '@mcp-vitals/wire/decode';
import { expect, it } from 'vitest';
import { Accumulator } from './accumulator.ts';

function windowOf(...durations: number[]): Window {
  const digest = Digest.ofSorted(Float64Array.from(durations).sort());
  return {
    server: 0,
    kind: 'tool',
    name: 'tool',
    startMs: 0,
    endMs: 1,
    outcomes: [durations.length, 0, 0, 0, 0, 0, 0],
    digest,
  };
}

it('never changes a digest that it has handed out', () => {
  const sum = new Accumulator();
  sum.addWindow(windowOf(1, 2));
  const first = sum.digest();
  const copy = new Accumulator();
  copy.add(sum);
  for (let i = 0; i < 200; i++) {
    sum.addWindow(windowOf(10));
    expect(sum.digest().count).toBe(3 + i);
  }
  expect([first.count, first.max]).toEqual([2, 2]);
  expect(copy.toRollup(true)).toMatchObject({ outcomes: [2, 0, 0, 0, 0, 0, 0], sumMs: 3, minMs: 1, maxMs: 2 });
  expect(copy.digest().count).toBe(2);
});

it('leaves the digests of windows and rows to those they belong to', () => {
  const [window, stored] = [windowOf(5), Digest.ofSorted(Float64Array.of(7))];
  const sum = new Accumulator();
  sum.addRow([1, 0, 0, 0, 0, 0, 0], 7, 7, 7, [stored]);
  sum.addWindow(window);
  sum.addWindow(windowOf(6));
  expect(sum.digest().count).toBe(3);
  expect([window.digest.count, stored.count]).toEqual([1, 1]);
});
