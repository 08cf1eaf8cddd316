import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pause, systemClock } from '../../clock.ts';
import { type Arrivals, arrivalTimes } from './arrivals.ts';
import { isLate } from './lateness.ts';
import { openLoop } from './openLoop.ts';
import { StopRule } from './stopRule.ts';

function first(count: number, options: { perSecond: number; arrivals: Arrivals; seed: number }): number[] {
  const times = arrivalTimes(options);
  return Array.from({ length: count }, () => times.next().value as number);
}

describe('arrivals', () => {
  it('come at equal distances, or at random with the same rate and the spread of a Poisson process', () => {
    expect(first(4, { perSecond: 100, arrivals: 'constant', seed: 1 })).toEqual([0, 10, 20, 30]);
    const times = first(20_000, { perSecond: 100, arrivals: 'poisson', seed: 3 });
    const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeGreaterThan(9.7);
    expect(mean).toBeLessThan(10.3);
    // Of the exponential distribution both are the same.
    expect(deviation / mean).toBeGreaterThan(0.95);
    expect(deviation / mean).toBeLessThan(1.05);
  });

  it('ascend, and are the same for the same seed', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 10_000, noNaN: true }), fc.nat(1_000), (perSecond, seed) => {
        const times = first(50, { perSecond, arrivals: 'poisson', seed });
        expect(times).toEqual(first(50, { perSecond, arrivals: 'poisson', seed }));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});

describe('an open loop', () => {
  it('does not wait for answers, and counts from when a call was meant to start', async () => {
    const lag = new Digest();
    const begun: number[] = [];
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await openLoop({
      calls: Array.from({ length: 20 }, (_, i) => i),
      arrivalsMs: arrivalTimes({ perSecond: 500, arrivals: 'constant', seed: 1 }),
      maxOutstanding: 100,
      clock: systemClock,
      isOver: () => false,
      async make(call, dueMs) {
        begun.push(dueMs);
        lag.add(systemClock.monotonicMs() - dueMs);
        // None is answered before the last one was begun: a closed loop would wait for ever.
        if (call === 19) answer();
        await answered;
      },
      drop: () => expect.unreachable(),
    });
    expect(begun.map((dueMs) => Math.round(dueMs - begun[0]!))).toEqual(begun.map((_, i) => 2 * i));
    expect(lag.min).toBeGreaterThanOrEqual(0);
  });

  it('drops what would be too many at a time, and says so of each', async () => {
    const made: number[] = [];
    const dropped: number[] = [];
    const stop = new AbortController();
    await openLoop({
      calls: Array.from({ length: 30 }, (_, i) => i),
      arrivalsMs: arrivalTimes({ perSecond: 1_000, arrivals: 'constant', seed: 1 }),
      maxOutstanding: 7,
      clock: systemClock,
      isOver: () => false,
      async make(call) {
        made.push(call);
        while (!stop.signal.aborted) await pause(1);
      },
      drop(call) {
        dropped.push(call);
        if (call === 29) stop.abort();
      },
    });
    expect(made).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(dropped).toEqual(Array.from({ length: 23 }, (_, i) => i + 7));
  });

  it('makes every call that was due, however late, when it was held up', async () => {
    const lags: number[] = [];
    await openLoop({
      calls: Array.from({ length: 50 }, (_, i) => i),
      arrivalsMs: arrivalTimes({ perSecond: 1_000, arrivals: 'constant', seed: 1 }),
      maxOutstanding: 100,
      clock: systemClock,
      isOver: () => false,
      async make(call, dueMs) {
        lags.push(systemClock.monotonicMs() - dueMs);
        const heldUpUntilMs = dueMs + 40;
        while (call === 5 && systemClock.monotonicMs() < heldUpUntilMs);
      },
      drop: () => expect.unreachable(),
    });
    expect(lags).toHaveLength(50);
    // What came after the hold-up is late by it, and that is told.
    expect(lags[6]).toBeGreaterThan(30);
    const lag = Digest.ofSorted(Float64Array.from(lags).sort());
    const digest = Digest.ofSorted(Float64Array.from({ length: 50 }, () => 20));
    expect(isLate(lag, [{ rounds: [{ digest, errors: 0 }] }])).toBe(true);
  });
});

describe('the rule that stops a load', () => {
  const ok = { ok: true } as const;
  const failed = { ok: false, kind: 'tool_error', detail: '' } as const;

  it('stops when errors rise, even after thousands of successes', () => {
    const rule = new StopRule();
    for (let i = 0; i < 5_000; i++) expect(rule.add(ok)).toBeUndefined();
    const reasons = Array.from({ length: 100 }, () => rule.add(failed));
    expect(reasons.findIndex((reason) => reason !== undefined)).toBeLessThan(25);
    expect(reasons.at(-1)).toMatch(/^errors rose: 100 of the newest 100 calls failed/);
  });

  it('goes on with one failure in twenty, and with one at the beginning', () => {
    const rule = new StopRule();
    for (let i = 0; i < 2_000; i++) expect(rule.add(i % 20 === 0 ? failed : ok)).toBeUndefined();
  });

  it('stops when a tool hangs, whatever phases its calls are of', () => {
    const hung = { ok: false, kind: 'timeout', detail: '' } as const;
    const rule = new StopRule();
    const reasons = [hung, hung, ok, hung, hung, hung].map((outcome) => rule.add(outcome));
    expect(reasons.slice(0, 5)).toEqual(Array(5).fill(undefined));
    expect(reasons[5]).toBe('it did not answer 3 times in a row');
  });

  it('stops after ten calls of which none succeeded', () => {
    const rule = new StopRule();
    const reasons = Array.from({ length: 10 }, () => rule.add(failed));
    expect(reasons.slice(0, 9)).toEqual(Array(9).fill(undefined));
    expect(reasons[9]).toMatch(/10 of the newest 10/);
  });
});
