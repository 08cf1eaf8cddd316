import { expect, it } from 'vitest';
import { ALARMS_PER_DAY } from './budget.ts';
import { ErrorWatch } from './errorWatch.ts';
import type { ToolMinute } from './observation.ts';
import { type SimulatedTool, simulateCalls } from './simulatedCalls.ts';

const DAY = 1_440;
const start = 2 * DAY + 300;
const burst = (rate: number, minutes: number) => (i: number) => (i >= start && i < start + minutes ? rate : 0.01);

function flagged(
  tool: SimulatedTool,
  change: (minute: ToolMinute, i: number) => ToolMinute = (minute) => minute,
): number[] {
  const watch = new ErrorWatch(ALARMS_PER_DAY.medium);
  const found: number[] = [];
  [...simulateCalls(tool)].forEach((minute, i) => {
    watch.observe(change(minute, i));
    if (watch.isOpen) found.push(i);
  });
  return found;
}

it.each([
  ['8 % of 30 calls a minute', 30, 0.08, 15, 8],
  ['half of a call a minute', 1, 0.5, 30, 25],
  ['nearly all of two calls a minute', 2, 0.97, 20, 5],
])('sees a burst: %s', (_what, callsPerMinute, rate, minutes, within) => {
  const found = flagged({ days: 3, callsPerMinute, errorRate: burst(rate, minutes) });
  expect(found[0]).toBeGreaterThanOrEqual(start);
  expect(found[0]).toBeLessThan(start + within);
  expect(found.at(-1)).toBeLessThan(start + minutes + 30);
});

it('two failures in a row are nobody’s incident', () => {
  const tool = { days: 3, callsPerMinute: 0.05, errorRate: () => 0 };
  let left = 2;
  const found = flagged(tool, (minute, i) =>
    i >= start && minute.calls > 0 && left-- > 0 ? { ...minute, errors: minute.calls } : minute,
  );
  expect(found).toEqual([]);
});

it('a first call after a rest may fail', () => {
  const tool = { days: 6, callsPerMinute: (i: number) => (i % 30 === 0 ? 3 : 0), errorRate: () => 0 };
  const found = flagged(tool, (minute) => (minute.calls > 0 ? { ...minute, errors: 1 } : minute));
  expect(found).toEqual([]);
});

it('is calm for a month of a tool with one failure in a hundred', () => {
  expect(flagged({ days: 30, callsPerMinute: 10, errorRate: () => 0.01 })).toEqual([]);
});
