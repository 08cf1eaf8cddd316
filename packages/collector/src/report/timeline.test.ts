import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { groupOf, stepOf, timelineOf } from './timeline.ts';

const NOW_MS = Date.UTC(2025, 9, 31, 12);
const KEPT = { minuteHours: 24, hourDays: 30 };

describe('stepOf', () => {
  it.each([
    ['an hour', 0, HOUR_MS, MINUTE_MS],
    ['six hours', 0, 6 * HOUR_MS, MINUTE_MS],
    ['a day', 0, DAY_MS, HOUR_MS],
    ['a week', 0, 7 * DAY_MS, HOUR_MS],
    ['a month', 0, 30 * DAY_MS, DAY_MS],
    ['an hour of last week, whose minutes are gone', 7 * DAY_MS, HOUR_MS, HOUR_MS],
    ['a day of last year, whose hours are gone', 300 * DAY_MS, DAY_MS, DAY_MS],
  ])('of %s', (_, agoMs, lengthMs, stepMs) => {
    const toMs = NOW_MS - agoMs;
    expect(stepOf({ fromMs: toMs - lengthMs, toMs }, NOW_MS, KEPT)).toBe(stepMs);
  });

  it('is a group of the store', () => {
    expect([MINUTE_MS, HOUR_MS, DAY_MS].map(groupOf)).toEqual(['minute', 'hour', 'day']);
  });
});

describe('timelineOf', () => {
  it('has every step, those without calls as well', () => {
    const { points } = timelineOf([], { fromMs: NOW_MS - 2.5 * HOUR_MS, toMs: NOW_MS }, HOUR_MS);
    expect(points.map(({ startMs }) => (NOW_MS - startMs) / HOUR_MS)).toEqual([3, 2, 1]);
    expect(points[0]).toEqual({
      startMs: NOW_MS - 3 * HOUR_MS,
      calls: 0,
      errors: 0,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
    });
  });

  it('has no empty decades', () => {
    expect(timelineOf([], { fromMs: 0, toMs: NOW_MS }, DAY_MS).points).toEqual([]);
  });
});
