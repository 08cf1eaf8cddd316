import { expect, it } from 'vitest';
import { SilenceWatch } from './silenceWatch.ts';
import { simulateCalls } from './simulatedCalls.ts';

const DAY = 1_440;
const start = 2 * DAY + 700;

function flagged(
  days: number,
  callsPerMinute: (minute: number) => number,
  isObserved = (_i: number) => true,
): number[] {
  const watch = new SilenceWatch();
  const found: number[] = [];
  [...simulateCalls({ days, callsPerMinute })].forEach((minute, i) => {
    if (!isObserved(i)) return;
    watch.observe(minute);
    if (watch.isOpen) found.push(i);
  });
  return found;
}

const isSilent = (i: number) => i >= start && i < start + 20;

it('sees that calls no longer come, and that they come again', () => {
  const found = flagged(3, (i) => (isSilent(i) ? 0 : 20));
  expect(found[0]).toBeLessThan(start + 4);
  expect(found.at(-1)).toBe(start + 19);
});

it('knows when the office closes', () => {
  const isOpen = (i: number) => i % DAY >= 480 && i % DAY < 1_080;
  expect(flagged(6, (i) => (isOpen(i) ? 20 : 0)).filter((i) => i >= 2 * DAY)).toEqual([]);
});

it('knows tools that are used in bursts', () => {
  const isBurst = (i: number) => i % 180 < 30;
  expect(flagged(6, (i) => (isBurst(i) ? 20 : 0)).filter((i) => i >= 2 * DAY)).toEqual([]);
});

it('says nothing of tools that are called now and then', () => {
  expect(flagged(6, (i) => (isSilent(i) ? 0 : 0.5))).toEqual([]);
});

it('does not take its own absence for silence', () => {
  expect(
    flagged(
      3,
      () => 20,
      (i) => !isSilent(i),
    ),
  ).toEqual([]);
});
