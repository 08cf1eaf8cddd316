import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import type { TrendColumn, TrendMetric } from '../../model/trends.ts';
import { noise, series } from '../../testing/seriesShapes.ts';
import { analyseTrends } from './analyseTrends.ts';

const START_MS = Date.UTC(2026, 0, 29);
const HOURS = 30 * 24;

function column(metric: TrendMetric, values: Float64Array, limit?: number): TrendColumn {
  return { server: 'shop', tool: 'search', metric, values, ...(limit !== undefined && { limit }) };
}

function analyse(columns: readonly TrendColumn[], { stepMs = HOUR_MS, horizonDays = 30 } = {}) {
  return analyseTrends({ startMs: START_MS, stepMs, columns, horizonDays, anomalies: true, correlations: true });
}

const daytime = (i: number) => Math.sin((2 * Math.PI * (i - 8)) / 24);
const textsOf = ({ insights }: ReturnType<typeof analyse>) => insights.map(({ text }) => text);

describe('analyseTrends', () => {
  it('says when rising times reach a limit', () => {
    const rising = noise(HOURS, 1).map((value, i) => 200 + (4 * i) / 24 + 10 * value);
    const result = analyse([column('execution_time', rising, 400)]);
    const [trend] = result.series;
    expect(trend!.slope).toMatchObject({ direction: 'rising' });
    expect(trend!.slope!.perDay).toBeCloseTo(4, 0);
    expect(trend!.slope!.interval[0]).toBeLessThan(4);
    expect(trend!.slope!.interval[1]).toBeGreaterThan(4);
    // 200 + 4 a day is 400 after 50 days; the last known day is the 30th.
    const { outcome, earliestMs, likelyMs, latestMs } = trend!.capacity!;
    expect(outcome).toBe('reached');
    const days = [earliestMs, likelyMs, latestMs].map(
      (atMs) => ((atMs ?? Number.POSITIVE_INFINITY) - START_MS) / DAY_MS,
    );
    expect(Math.abs(days[1]! - 50)).toBeLessThan(8);
    expect(days[0]!).toBeLessThan(50);
    expect(days[2]!).toBeGreaterThan(50);
    expect(textsOf(result)[0]).toMatch(/^p95 reaches 400 ms (between|after) \d.*, most likely on \d+ March$/);
  });

  it('says plainly that a limit is not reached, or is already', () => {
    const steady = noise(HOURS, 2).map((value) => 200 + 10 * value);
    expect(textsOf(analyse([column('execution_time', steady, 900)]))).toEqual([
      expect.stringMatching(/^p95 does not reach 900 ms before \d+ March/),
    ]);
    expect(textsOf(analyse([column('execution_time', steady, 150)]))[0]).toMatch(/is at \d+ ms already, beyond 150 ms/);
  });

  it('forecasts a leak to the limit of the memory, and not beyond', () => {
    const leak = noise(HOURS, 3).map((value, i) => 30 + (1.5 * i) / 24 + 0.5 * value);
    const [trend] = analyse([column('memory', leak, 100)]).series;
    expect(trend!.capacity!.outcome).toBe('reached');
    expect(Math.abs((trend!.capacity!.likelyMs! - START_MS) / DAY_MS - 70 / 1.5)).toBeLessThan(3);
    for (const value of trend!.forecast!.high95) expect(value).toBeLessThanOrEqual(100);
  });

  it('tells a deployment from a trend', () => {
    const shifted = noise(HOURS, 4).map((value, i) => (i < 500 ? 120 : 180) + 20 * daytime(i) + 5 * value);
    const result = analyse([column('execution_time', shifted)]);
    const [trend] = result.series;
    expect(trend!.changePoints).toHaveLength(1);
    expect(Math.abs(trend!.changePoints[0]!.atMs - START_MS - 500 * HOUR_MS)).toBeLessThan(6 * HOUR_MS);
    expect(textsOf(result).join('\n')).toMatch(
      /p95 went from 1\d\d ms to 1\d\d ms \(\+\d+(\.\d+)? %\) about 18 February/,
    );
    expect(textsOf(result).join('\n')).not.toContain('rises by');
  });

  it('knows the hours of the day, and what does not fit them', () => {
    const values = noise(HOURS, 5).map((value, i) => 100 + 50 * daytime(i) + 4 * value);
    for (const i of [300, 301]) values[i] = 700;
    const [trend] = analyse([column('execution_time', values)]).series;
    expect(trend!.seasonality.dayStrength!).toBeGreaterThan(0.9);
    expect(trend!.seasonality).toMatchObject({ busiestHour: 14, quietestHour: 2 });
    expect(trend!.anomalies).toMatchObject([
      { fromMs: START_MS + 300 * HOUR_MS, toMs: START_MS + 302 * HOUR_MS, value: 700 },
    ]);
  });

  it('is silent of noise', () => {
    const result = analyse([
      column(
        'execution_time',
        noise(HOURS, 6).map((value) => 100 + 5 * value),
      ),
      column(
        'cpu',
        noise(HOURS, 7).map((value) => 20 + value),
      ),
    ]);
    expect(result.insights).toEqual([]);
    expect(result.correlations).toEqual([]);
  });

  it('says which moves first', () => {
    const load = noise(HOURS, 8, 0.3);
    const times = noise(HOURS, 9).map((value, i) => 100 + 12 * (load[i - 2] ?? 0) + 4 * value);
    const calls = load.map((value) => 500 + 60 * value);
    const result = analyse([column('throughput', calls), column('execution_time', times)]);
    expect(textsOf(result)).toContainEqual(
      expect.stringMatching(/^p95, 2 h later, follows throughput \(rank correlation 0\.9/),
    );
  });

  it('says how much is missing where a history is too short', () => {
    const [hours] = analyse([column('execution_time', noise(20, 1))]).series;
    expect(hours).toMatchObject({ slope: null, forecast: null, capacity: null });
    expect(hours!.note).toBe('Too short a history: 20 hours with values; a trend and a forecast take 24.');
    const [days] = analyse([column('execution_time', noise(5, 1))], { stepMs: DAY_MS }).series;
    expect(days!.note).toContain('5 days with values');
  });

  it('leaves out what has no value', () => {
    expect(analyse([column('cpu', new Float64Array(50).fill(Number.NaN))]).series).toEqual([]);
    expect(analyse([])).toEqual({ series: [], correlations: [], insights: [] });
  });

  it('has no number that is none, whatever comes in', () => {
    const anyColumn = fc
      .array(
        fc.oneof(
          { weight: 6, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
          { weight: 2, arbitrary: fc.constant(Number.NaN) },
          fc.constantFrom(0, 1e12, 1e-12),
        ),
        { minLength: 1, maxLength: 80 },
      )
      .map((values) => column('execution_time', Float64Array.from(values), 500));
    fc.assert(
      fc.property(fc.array(anyColumn, { maxLength: 3 }), fc.constantFrom(HOUR_MS, DAY_MS), (columns, stepMs) => {
        const result = analyse(columns, { stepMs, horizonDays: 3 });
        expect(numbersOf(result).filter((value) => Number.isNaN(value))).toEqual([]);
        for (const text of textsOf(result)) expect(text).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 40 * inject('thoroughness') },
    );
  });

  it('looks a year ahead', () => {
    const [trend] = analyse(
      [
        column(
          'throughput',
          series(365, (i) => 100 + (i % 7)),
        ),
      ],
      {
        stepMs: DAY_MS,
        horizonDays: 365,
      },
    ).series;
    expect(trend!.forecast!.middle).toHaveLength(365);
    expect(trend!.seasonality.weekStrength!).toBeGreaterThan(0.9);
  });
});

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Float64Array) return [...value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}
