import { describe, expect, it } from 'vitest';
import { ALARMS_PER_DAY } from './budget.ts';
import { LatencyWatch } from './latencyWatch.ts';
import type { ToolMinute } from './observation.ts';
import { randomSource, simulateCalls } from './simulatedCalls.ts';

const DAY = 1_440;

/** Indexes of the minutes that are flagged. */
function flagged(minutes: Iterable<ToolMinute>, isExplained: (minute: number) => boolean = () => false): number[] {
  const watch = new LatencyWatch(ALARMS_PER_DAY.medium);
  const found: number[] = [];
  let i = 0;
  for (const minute of minutes) {
    watch.observe(minute, isExplained(i));
    if (watch.isOpen) found.push(i);
    i += 1;
  }
  return found;
}

const start = 3 * DAY + 700;

describe('of a tool with 20 calls a minute', () => {
  it('sees calls that take three times as long within three minutes, and their end', () => {
    const found = flagged(
      simulateCalls({ days: 4, callsPerMinute: 20, factor: (i) => (i >= start && i < start + 15 ? 3 : 1) }),
    );
    expect(found[0]).toBeGreaterThanOrEqual(start);
    expect(found[0]).toBeLessThan(start + 3);
    expect(found.at(-1)).toBeLessThan(start + 15 + 5);
    expect(found.length).toBe(found.at(-1)! - found[0]! + 1);
  });

  it('sees a ramp to four times within two hours', () => {
    const factor = (i: number) => (i >= start && i < start + 120 ? 4 ** ((i - start) / 120) : 1);
    const [first] = flagged(simulateCalls({ days: 4, callsPerMinute: 20, factor }));
    expect(first).toBeGreaterThan(start);
    expect(first).toBeLessThan(start + 60);
  });

  it('sees twice as long after a new version, and takes it for the rule after hours', () => {
    const found = flagged(simulateCalls({ days: 5, callsPerMinute: 20, factor: (i) => (i >= start ? 2 : 1) }));
    expect(found[0]).toBeLessThan(start + 15);
    expect(found.at(-1)).toBeLessThan(start + 6 * 60);
  });

  it('is not woken by what comes back every night', () => {
    const factor = (i: number) => (i % DAY >= 120 && i % DAY < 140 ? 1.7 : 1);
    const found = flagged(simulateCalls({ days: 8, callsPerMinute: 20, factor }));
    expect(found.filter((i) => i >= 3 * DAY)).toEqual([]);
  });

  it('is not woken by the time of day', () => {
    const factor = (i: number) => Math.exp(0.15 * Math.cos((2 * Math.PI * i) / DAY));
    expect(flagged(simulateCalls({ days: 6, callsPerMinute: 20, factor }))).toEqual([]);
  });

  it('neither judges nor learns what is explained', () => {
    const isOdd = (i: number) => i >= start && i < start + 60;
    const minutes = [...simulateCalls({ days: 4, callsPerMinute: 20, factor: (i) => (isOdd(i) ? 0.05 : 1) })];
    expect(flagged(minutes, isOdd)).toEqual([]);
  });
});

describe('of a tool with a call in five minutes', () => {
  const rare = { callsPerMinute: 0.2, days: 6 };

  it('one call that takes forty times as long is no incident', () => {
    expect(flagged(simulateCalls({ ...rare, slowest: (i) => (i % 500 === 0 ? 40 : 1) }))).toEqual([]);
  });

  it('ten calls that take ten times as long are one', () => {
    const factor = (i: number) => (i >= start && i < start + 50 ? 10 : 1);
    const found = flagged(simulateCalls({ ...rare, factor }));
    expect(found[0]).toBeGreaterThanOrEqual(start);
    expect(found[0]).toBeLessThan(start + 50);
  });

  it('an episode of which nothing more is heard is over after half an hour', () => {
    const until = start + 60;
    const minutes = [...simulateCalls({ ...rare, factor: (i) => (i >= start && i < until ? 10 : 1) })];
    for (const minute of minutes.slice(until)) minute.calls = 0;
    const found = flagged(minutes);
    expect(found.length).toBeGreaterThan(0);
    expect(found.at(-1)).toBeLessThan(until + 30);
  });
});

it('raises next to nothing in 100 quiet days of tools of all sorts', () => {
  const random = randomSource(7);
  let alarms = 0;
  for (let tool = 0; tool < 10; tool += 1) {
    const found = flagged(
      simulateCalls({ days: 10, callsPerMinute: 10 ** (random() * 3 - 1), sigma: 0.25 + random() * 0.6, seed: tool }),
    );
    alarms += found.filter((minute, i) => i === 0 || minute - found[i - 1]! > 10).length;
  }
  expect(alarms).toBeLessThanOrEqual(2);
}, 60_000);

it('gives the same for the same minutes, whatever comes later', () => {
  const minutes = [...simulateCalls({ days: 4, callsPerMinute: 5, factor: (i) => (i >= start ? 3 : 1) })];
  const all = flagged(minutes);
  const cut = start + 20;
  expect(flagged(minutes.slice(0, cut))).toEqual(all.filter((i) => i < cut));
});
