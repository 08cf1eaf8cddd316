import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { type LevelCoverage, plan } from './planner.ts';

const DAY = 100 * DAY_MS;
const ALWAYS = { fromMs: 0, toMs: 200 * DAY_MS };

function coverage(overrides: Partial<LevelCoverage> = {}): LevelCoverage {
  return {
    keptFrom: { minute: 0, hour: 0, day: 0 },
    mergedUntil: { hour: DAY + 12 * HOUR_MS, day: DAY },
    isDirty: () => false,
    ...overrides,
  };
}

describe('the plan of a query', () => {
  it('takes days, then hours, then minutes, and minutes at the edges', () => {
    const range = { fromMs: DAY - DAY_MS - 90 * MINUTE_MS, toMs: DAY + 13 * HOUR_MS + MINUTE_MS };
    expect(plan(range, 'day', coverage(), ALWAYS)).toEqual({
      usedRange: range,
      pieces: [
        { level: 'minute', fromMs: range.fromMs, toMs: DAY - DAY_MS - HOUR_MS },
        { level: 'hour', fromMs: DAY - DAY_MS - HOUR_MS, toMs: DAY - DAY_MS },
        { level: 'day', fromMs: DAY - DAY_MS, toMs: DAY },
        { level: 'hour', fromMs: DAY, toMs: DAY + 12 * HOUR_MS },
        { level: 'minute', fromMs: DAY + 12 * HOUR_MS, toMs: range.toMs },
      ],
    });
  });

  it('uses no rows wider than the groups', () => {
    const range = { fromMs: DAY - DAY_MS, toMs: DAY };
    expect(plan(range, 'hour', coverage(), ALWAYS).pieces).toEqual([{ level: 'hour', ...range }]);
  });

  it('goes around what is stale', () => {
    const isDirty: LevelCoverage['isDirty'] = (level, start) => level === 'day' || start === DAY - HOUR_MS;
    expect(
      plan({ fromMs: DAY - 2 * HOUR_MS, toMs: DAY + HOUR_MS }, 'day', coverage({ isDirty }), ALWAYS).pieces,
    ).toEqual([
      { level: 'hour', fromMs: DAY - 2 * HOUR_MS, toMs: DAY - HOUR_MS },
      { level: 'minute', fromMs: DAY - HOUR_MS, toMs: DAY },
      { level: 'hour', fromMs: DAY, toMs: DAY + HOUR_MS },
    ]);
  });

  it('widens the range where finer rows are gone, and says so', () => {
    const keptFrom = { minute: DAY, hour: DAY - DAY_MS, day: 0 };
    const asked = { fromMs: DAY - DAY_MS - 1, toMs: DAY - HOUR_MS - 1 };
    expect(plan(asked, 'hour', coverage({ keptFrom }), ALWAYS)).toEqual({
      usedRange: { fromMs: DAY - 2 * DAY_MS, toMs: DAY - HOUR_MS },
      pieces: [
        { level: 'day', fromMs: DAY - 2 * DAY_MS, toMs: DAY - DAY_MS },
        { level: 'hour', fromMs: DAY - DAY_MS, toMs: DAY - HOUR_MS },
      ],
    });
  });

  it('walks no time without rows', () => {
    const { pieces } = plan({ fromMs: 0, toMs: DAY + 100 * DAY_MS }, 'minute', coverage(), {
      fromMs: DAY,
      toMs: DAY + 1,
    });
    expect(pieces).toEqual([{ level: 'minute', fromMs: DAY, toMs: DAY + DAY_MS }]);
  });
});
