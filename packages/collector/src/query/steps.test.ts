import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { stepsOf } from './steps.ts';

const NOW = Date.parse('2025-10-31T13:02:12Z');
const KEPT = { minuteHours: 24, hourDays: 30 };
const GROUP_MS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

const range = fc
  .record({ agoMs: fc.integer({ min: 0, max: 200 * DAY_MS }), lengthMs: fc.integer({ min: 1, max: 400 * DAY_MS }) })
  .map(({ agoMs, lengthMs }) => ({ fromMs: NOW - agoMs - lengthMs, toMs: NOW - agoMs }));
const points = fc.integer({ min: 1, max: 1_500 });
const kept = fc.record({ minuteHours: fc.integer({ min: 1, max: 200 }), hourDays: fc.integer({ min: 1, max: 100 }) });

describe('steps', () => {
  it('are as many as asked for at most, and one more where the range begins between two', () => {
    fc.assert(
      fc.property(range, points, kept, ({ fromMs, toMs }, most, keeping) => {
        const { stepMs } = stepsOf({ fromMs, toMs }, most, NOW, keeping);
        const steps = Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs);
        expect(steps).toBeLessThanOrEqual(most + 1);
      }),
      { examples: [[{ fromMs: NOW - 400 * DAY_MS, toMs: NOW }, 1, KEPT]] },
    );
  });

  it('are made of whole groups, and no finer than what retention leaves', () => {
    fc.assert(
      fc.property(range, points, kept, (asked, most, keeping) => {
        const { stepMs, groupBy } = stepsOf(asked, most, NOW, keeping);
        const fromMs = Math.floor(asked.fromMs / stepMs) * stepMs;
        expect(stepMs % GROUP_MS[groupBy]).toBe(0);
        const oldestMinute = Math.floor((NOW - keeping.minuteHours * HOUR_MS) / HOUR_MS) * HOUR_MS;
        const oldestHour = Math.floor((NOW - keeping.hourDays * DAY_MS) / DAY_MS) * DAY_MS;
        if (groupBy === 'minute') expect(fromMs).toBeGreaterThanOrEqual(oldestMinute);
        if (groupBy === 'hour') expect(fromMs).toBeGreaterThanOrEqual(oldestHour);
      }),
      {
        examples: [
          // Two minutes after those of the hour before may have been deleted.
          [{ fromMs: NOW - DAY_MS - 4 * MINUTE_MS, toMs: NOW }, 1_500, KEPT],
        ],
      },
    );
  });

  it.each([
    [60, 300, MINUTE_MS, 'minute'],
    [1440, 300, 5 * MINUTE_MS, 'minute'],
    [1440, 1_500, MINUTE_MS, 'minute'],
    [7 * 1440, 300, HOUR_MS, 'hour'],
    [30 * 1440, 300, 3 * HOUR_MS, 'hour'],
    [31 * 1440, 1_500, DAY_MS, 'day'],
    [400 * 1440, 300, 2 * DAY_MS, 'day'],
  ] as const)('of %d minutes in %d points are of %d ms', (minutes, most, stepMs, groupBy) => {
    expect(stepsOf({ fromMs: NOW - minutes * MINUTE_MS, toMs: NOW }, most, NOW, KEPT)).toEqual({ stepMs, groupBy });
  });
});
