import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { calendar, every, startJobs } from './jobs.ts';

/** A clock moved by hand: `advance` runs the ticks that fall into the time passed, letting promises settle in between. */
function handClock(startMs: number) {
  let nowMs = startMs;
  let tick: (() => void) | undefined;
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    every(_intervalMs, run) {
      tick = run;
      return () => {
        tick = undefined;
      };
    },
    after: () => () => {},
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    clock,
    async advance(ms: number, stepMs = 1_000) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        nowMs += stepMs;
        tick?.();
        await settle();
      }
    },
    set: (ms: number) => {
      nowMs = ms;
    },
  };
}

const silent = { error: () => {} };

describe('schedules', () => {
  it('count from the last time, or follow the calendar in UTC', () => {
    expect(every(5_000)(1_000)).toBe(6_000);
    const noon = Date.UTC(2025, 9, 31, 12, 34, 56);
    expect(calendar('1 * * * *')(noon)).toBe(Date.UTC(2025, 9, 31, 13, 1));
    expect(calendar('0 0 * * *')(noon)).toBe(Date.UTC(2025, 10, 1));
  });
});

describe('startJobs', () => {
  it('runs each job when it is due, and those that may have been missed at the start', async () => {
    const { clock, advance } = handClock(Date.UTC(2025, 9, 31, 23, 59, 0));
    const runs: string[] = [];
    const job = (name: string) => async () => void runs.push(name);
    const stop = startJobs(
      [
        { name: 'often', schedule: every(20_000), run: job('often') },
        { name: 'midnight', schedule: calendar('0 0 * * *'), run: job('midnight') },
        { name: 'catch-up', schedule: every(3_600_000), atStart: true, run: job('catch-up') },
      ],
      clock,
      silent,
    );
    await advance(59_000);
    expect(runs).toEqual(['catch-up', 'often', 'often']);
    await advance(2_000);
    expect(runs).toEqual(['catch-up', 'often', 'often', 'often', 'midnight']);
    await stop();
    await advance(100_000);
    expect(runs).toHaveLength(5);
  });

  it('never overlaps a job with itself, and stops only when it has ended', async () => {
    const { clock, advance } = handClock(0);
    let release = () => {};
    let running = 0;
    let started = 0;
    const stop = startJobs(
      [
        {
          name: 'slow',
          schedule: every(1_000),
          async run() {
            started += 1;
            running += 1;
            await new Promise<void>((resolve) => {
              release = resolve;
            });
            running -= 1;
          },
        },
      ],
      clock,
      silent,
    );
    await advance(10_000);
    expect(started).toBe(1);
    const stopped = stop();
    release();
    await stopped;
    expect(running).toBe(0);
  });

  it('says a failure once, again when it changes or comes back, and goes on', async () => {
    const { clock, advance } = handClock(0);
    const said: string[] = [];
    let failure: string | undefined = 'disk full';
    let runs = 0;
    const stop = startJobs(
      [
        {
          name: 'failing',
          schedule: every(1_000),
          async run() {
            runs += 1;
            if (failure) throw new Error(failure);
          },
        },
      ],
      clock,
      { error: (fields: { err: Error }) => void said.push(fields.err.message) },
    );
    await advance(3_000);
    failure = 'read only';
    await advance(2_000);
    failure = undefined;
    await advance(1_000);
    failure = 'read only';
    await advance(2_000);
    expect(said).toEqual(['disk full', 'read only', 'read only']);
    expect(runs).toBe(8);
    await stop();
  });

  it('is not put off when the clock is set back, and catches up when the machine slept', async () => {
    const { clock, advance, set } = handClock(1_000_000);
    let runs = 0;
    const stop = startJobs([{ name: 'job', schedule: every(10_000), run: async () => void runs++ }], clock, silent);
    set(0);
    await advance(11_000);
    expect(runs).toBe(1);
    set(5_000_000);
    await advance(1_000);
    expect(runs).toBe(2);
    await stop();
  });
});
