import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../model/rollup.ts';
import { MetricWatch } from '../adaptive/metricWatch.ts';
import { randomSource } from '../adaptive/simulatedCalls.ts';
import { Deviation } from './deviation.ts';
import { Novelty } from './novelty.ts';
import { PastWindows } from './pastWindows.ts';
import { Rolling } from './rolling.ts';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 120 });

it('knows the distance to the nearest earlier window', () => {
  const width = 5;
  const history = 40;
  fc.assert(
    fc.property(values, (series) => {
      const past = new PastWindows(width, history);
      for (let i = 0; i < series.length; i += 1) {
        const distance = past.add(series[i]!);
        let nearest = Number.POSITIVE_INFINITY;
        for (let j = i - width; j >= width - 1 && i - j <= history - width - 1; j -= 1) {
          let sum = 0;
          for (let k = 0; k < width; k += 1) sum += (series[i - k]! - series[j - k]!) ** 2;
          nearest = Math.min(nearest, sum);
        }
        const expected = nearest === Number.POSITIVE_INFINITY ? 0 : Math.sqrt(nearest / width);
        expect(Math.abs(distance - expected)).toBeLessThan(1e-3);
      }
    }),
  );
});

it('knows mean and deviation of the newest values', () => {
  fc.assert(
    fc.property(values, (series) => {
      const rolling = new Rolling(7);
      for (const [i, value] of series.entries()) {
        rolling.add(value);
        const newest = series.slice(Math.max(0, i - 6), i + 1);
        const mean = newest.reduce((sum, each) => sum + each, 0) / newest.length;
        const variance = newest.reduce((sum, each) => sum + (each - mean) ** 2, 0) / newest.length;
        expect(rolling.mean).toBeCloseTo(mean, 6);
        expect(rolling.deviation ** 2).toBeCloseTo(variance, 3);
      }
    }),
  );
});

/** A day's rhythm with noise, a value a minute. */
function* rhythm(minutes: number, change: (minute: number) => number): Generator<number> {
  const random = randomSource(3);
  for (let i = 0; i < minutes; i += 1) yield 100 + 30 * Math.sin((2 * Math.PI * i) / 1_440) + 4 * random() + change(i);
}

const none = () => 0;

describe('of a metric with a daily rhythm', () => {
  const AT = 3 * 1_440 + 400;

  it('a level that never was is new, and told once', () => {
    const novelty = new Novelty();
    const scores = [...rhythm(AT + 200, (i) => (i >= AT ? 60 : 0))].map((value) => novelty.add(value));
    expect(scores.slice(1_440, AT).filter((score) => score > 0.6)).toEqual([]);
    expect(Math.max(...scores.slice(AT, AT + 5))).toBeGreaterThan(0.7);
    expect(scores.slice(AT + 30, AT + 130).filter((score) => score > 0.51)).toEqual([]);
  });

  it('a value far from the hour and from the days before stands out, and nothing else', () => {
    const deviation = new Deviation(MINUTE_MS);
    const scores = [...rhythm(AT + 100, (i) => (i === AT ? 80 : 0))].map((value) => deviation.add(value));
    expect(scores[AT]).toBeGreaterThan(3 * Math.max(...scores.slice(2_880, AT)));
  });

  it('what does not move has no deviation', () => {
    const deviation = new Deviation(MINUTE_MS);
    const novelty = new Novelty();
    for (let i = 0; i < 500; i += 1) expect([deviation.add(7), novelty.add(7)]).toEqual([0, 0]);
  });

  it('the watch shows a change for a while, with what was usual', () => {
    const watch = new MetricWatch();
    const open: number[] = [];
    let i = 0;
    for (const value of rhythm(AT + 100, (minute) => (minute >= AT ? 60 : none()))) {
      watch.observe(i * MINUTE_MS, value);
      if (watch.isOpen && i >= AT - 1_440) open.push(i);
      if (i === AT) expect(watch.reading!.value).toBeGreaterThan(watch.reading!.high);
      i += 1;
    }
    expect(open[0]).toBe(AT);
    expect(open.length).toBeLessThan(40);
  });
});
