import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import { randomNumbers } from '../../testing/weeksOfCalls.ts';
import { lastingTrendsOf, seasonsOf, type TrendSeries, trendRangeOf } from './lastingTrends.ts';

const TO_MS = Date.UTC(2025, 9, 31);
const rangeOf = (days: number) => ({ fromMs: TO_MS - days * DAY_MS, toMs: TO_MS });

function series(
  metric: TrendSeries['metric'],
  days: number,
  stepMs: number,
  valueAt: (day: number) => number,
  server = '',
): TrendSeries {
  const { fromMs, toMs } = rangeOf(days);
  const points = Array.from({ length: (toMs - fromMs) / stepMs }, (_, index) => ({
    startMs: fromMs + index * stepMs,
    value: valueAt((index * stepMs) / DAY_MS),
  }));
  return { server, metric, points };
}

const daytime = (day: number) => 100 + 60 * Math.sin(2 * Math.PI * day);

describe('lastingTrendsOf', () => {
  it('sees times rise through a week of days and nights', () => {
    const random = randomNumbers(3);
    const rising = series('response_time', 7, HOUR_MS, (day) => daytime(day) + 5 * day + 10 * random());
    const [trend] = lastingTrendsOf([rising], rangeOf(7), HOUR_MS).trends;
    expect(trend).toMatchObject({ server: '', metric: 'response_time', direction: 'degrading' });
    expect(trend!.slopePerDay).toBeCloseTo(5, 0);
    expect(trend!.slopePercentPerDay).toBeCloseTo((100 * trend!.slopePerDay) / trend!.median, 9);
    expect(trend!.confidencePercent).toBeGreaterThan(95);
  });

  it('keeps a quiet week apart from it, with how sure it is', () => {
    const random = randomNumbers(5);
    const quiet = series('response_time', 7, HOUR_MS, (day) => daytime(day) + 30 * random());
    const { trends, method } = lastingTrendsOf([quiet], rangeOf(7), HOUR_MS);
    expect(trends).toMatchObject([{ direction: 'stable' }]);
    expect(method).toContain('Theil-Sen');
    expect(method).toContain('95 %');
  });

  it('is silent of a slope that is sure and small', () => {
    const steady = series('memory', 7, HOUR_MS, (day) => 50 + 0.01 * day, 'files');
    expect(lastingTrendsOf([steady], rangeOf(7), HOUR_MS).trends).toEqual([]);
    const growing = series('memory', 7, HOUR_MS, (day) => 50 + day, 'files');
    expect(lastingTrendsOf([growing], rangeOf(7), HOUR_MS).trends).toMatchObject([
      { server: 'files', direction: 'degrading' },
    ]);
  });

  it('calls more and fewer calls neither good nor bad', () => {
    const direction = (perDay: number) =>
      lastingTrendsOf([series('calls', 7, HOUR_MS, (day) => 500 + perDay * day)], rangeOf(7), HOUR_MS).trends[0]!
        .direction;
    expect([direction(20), direction(-20)]).toEqual(['rising', 'falling']);
  });

  it('says why it says nothing', () => {
    const { trends, method } = lastingTrendsOf([series('calls', 2, HOUR_MS, (day) => day)], rangeOf(2), HOUR_MS);
    expect(trends).toEqual([]);
    expect(method).toMatch(/^Not looked for/);
  });
});

describe('seasonsOf', () => {
  it.each([
    [4, HOUR_MS, undefined],
    [7, HOUR_MS, 'same hour'],
    [6, DAY_MS, undefined],
    [14, DAY_MS, 'each day with the others'],
    [365, DAY_MS, 'same weekday'],
  ])('of %i days', (days, stepMs, words) => {
    const seasons = seasonsOf(rangeOf(days), stepMs);
    if (words === undefined) expect(seasons).toBeUndefined();
    else expect(seasons!.words).toContain(words);
  });
});

it('looks at the week that a day ends', () => {
  expect(trendRangeOf(rangeOf(1), 'daily')).toEqual(rangeOf(7));
  expect(trendRangeOf(rangeOf(7), 'weekly')).toEqual(rangeOf(7));
  expect(trendRangeOf(rangeOf(1), 'period')).toEqual(rangeOf(1));
});
