/** From what a store keeps to anomalies: what is judged, how it is put into words, and what it must not trip over. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SENSITIVITIES, STATISTICAL_METHODS } from '../model/anomaly.ts';
import { MINUTE_MS, type MinuteColumns, type ResourceRollup } from '../model/rollup.ts';
import { type EvaluateOptions, evaluate as generate, type Observed } from './evaluate.ts';

const START_MS = Date.parse('2025-10-31T12:00:00Z');
const OPTIONS: EvaluateOptions = { method: 'z-score', sensitivity: 'medium', judgeFromMs: START_MS };

const evaluate = (observed: Observed, options: EvaluateOptions) => [...generate(observed, options)];

interface Minute {
  calls: number;
  errors?: number;
  meanMs?: number;
}

function columns(server: string, name: string, minutes: readonly Minute[]): MinuteColumns {
  const column = (value: (minute: Minute, index: number) => number) => Float64Array.from(minutes, value);
  return {
    series: { server, kind: 'tool', name },
    minuteMs: column((_, i) => START_MS + i * MINUTE_MS),
    calls: column(({ calls }) => calls),
    errors: column(({ errors = 0 }) => errors),
    sumMs: column(({ calls, meanMs = 200 }) => calls * meanMs),
  };
}

function resources(server: string, cpu: readonly number[], memoryPercent = 10): ResourceRollup[] {
  return cpu.map((percent, i) => ({
    server,
    startMs: START_MS + i * MINUTE_MS,
    samples: 60,
    minutes: 1,
    cpuPercentAvg: percent,
    cpuPercentMax: percent,
    memoryMbAvg: 100,
    memoryMbMax: 100,
    memoryPercentAvg: memoryPercent,
    memoryPercentMax: memoryPercent,
    diskIoKb: 0,
    eventLoopDelayMsAvg: 1,
    eventLoopDelayMsMax: 2,
  }));
}

const steady = (n: number): Minute[] => Array.from({ length: n }, (_, i) => ({ calls: 10, meanMs: 200 + (i % 5) }));
const wavy = (n: number, from: number): number[] => Array.from({ length: n }, (_, i) => from + (i % 5));

describe('a slow minute', () => {
  const slow = [...steady(60), { calls: 12, errors: 5, meanMs: 5000 }];
  const observed = {
    minutes: [columns('shop', 'search', slow), columns('shop', 'order', steady(61))],
    resources: resources('shop', [...wavy(60, 20), 95]),
  };
  const anomalies = evaluate(observed, OPTIONS);

  it('is found by its mean duration, with the failures of the same minute', () => {
    expect(anomalies.map(({ type, tool, atMs }) => [type, tool, atMs - START_MS])).toEqual([
      ['response_time_spike', 'search', 60 * MINUTE_MS],
      ['error_rate_spike', 'search', 60 * MINUTE_MS],
      ['resource_spike', '', 60 * MINUTE_MS],
    ]);
  });

  it('says how far out it is', () => {
    const [{ currentValue, expectedRange, expectedMax, deviation, severity, method }] = anomalies as [
      (typeof anomalies)[0],
    ];
    expect({ currentValue, severity, method }).toEqual({ currentValue: 5000, severity: 'critical', method: 'z-score' });
    expect(Number.parseFloat(expectedRange.split('-')[1]!)).toBe(Math.round(expectedMax));
    expect(deviation).toBe(`${(5000 / expectedMax).toPrecision(3)}x expected`);
  });

  it('names the evidence', () => {
    const [slowTool, failing, resource] = anomalies;
    expect(slowTool!.recommendations).toEqual([
      expect.stringContaining('At 13:00 UTC 12 calls took 5000 ms on average'),
      '5 of 12 failed in that minute: read the recent errors first.',
      'No other tool of this server slowed down then: look at what only this one does.',
      'CPU was 95 % in that minute against 23.2 % on average: look for work on the CPU.',
    ]);
    expect(failing!.recommendations[0]).toContain('At 13:00 UTC 5 of 12 calls failed');
    expect(resource!.deviation).toMatch(/x expected \(cpu\)$/);
    expect(resource!.recommendations[1]).toContain('22 calls in that minute against');
  });

  it('is not found when it lies before the minutes to judge', () => {
    expect(evaluate(observed, { ...OPTIONS, judgeFromMs: START_MS + 61 * MINUTE_MS })).toEqual([]);
  });
});

it('tells when several tools of a server slow down together, and that the process was as usual', () => {
  const slow = [...steady(60), { calls: 10, meanMs: 5000 }];
  const minutes = ['a', 'b', 'c'].map((name) => columns('shop', name, slow));
  const [first] = evaluate({ minutes, resources: resources('shop', wavy(61, 20)) }, OPTIONS);
  expect(first!.recommendations.slice(1)).toEqual([
    "2 more of this server's tools slowed down in that minute: look for what they share.",
    expect.stringMatching(/^The process was as usual \(CPU 20 %, Memory 100 MB, Event-loop delay 1 ms\)/),
  ]);
});

describe('severity', () => {
  const severityOf = (meanMs: number) =>
    evaluate({ minutes: [columns('s', 't', [...steady(60), { calls: 1, meanMs }])], resources: [] }, OPTIONS)[0]
      ?.severity;

  it('is info while nobody minds, however odd', () => {
    const fast = Array.from({ length: 60 }, () => ({ calls: 1, meanMs: 3 }));
    const minutes = [columns('s', 't', [...fast, { calls: 1, meanMs: 99 }])];
    expect(evaluate({ minutes, resources: [] }, OPTIONS).map(({ severity }) => severity)).toEqual(['info']);
  });

  it('is info for a value that is better than expected', () => {
    expect(severityOf(101)).toBe('info');
  });

  it('is a warning from far out, critical only past the critical level as well', () => {
    expect(severityOf(900)).toBe('warning');
    expect(severityOf(1100)).toBe('critical');
  });
});

it('leaves out minutes without calls and numbers that are none', () => {
  const minutes = [...steady(30), { calls: 0 }, { calls: 3, meanMs: Number.NaN }, ...steady(30)];
  const observed = { minutes: [columns('s', 't', minutes)], resources: resources('s', [...wavy(30, 5), Number.NaN]) };
  for (const method of STATISTICAL_METHODS) {
    for (const { currentValue } of evaluate(observed, { ...OPTIONS, method })) expect(currentValue).not.toBeNaN();
  }
  expect(evaluate(observed, OPTIONS)).toEqual([]);
});

it('keeps the worse of cpu and memory, which share a type', () => {
  const rollups = resources('s', [...wavy(60, 20), 95], 80);
  rollups[60]!.memoryMbAvg = 900;
  const found = evaluate({ minutes: [], resources: rollups }, OPTIONS);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ type: 'resource_spike', currentValue: 900, severity: 'warning', tool: '' });
});

it('treats names as data', () => {
  const names = ['__proto__', 'constructor', '\u0000\u202e', 'x'.repeat(10_000)];
  const slow = [...steady(60), { calls: 12, meanMs: 5000 }];
  const found = evaluate({ minutes: names.map((name) => columns(name, name, slow)), resources: [] }, OPTIONS);
  expect(new Set(found.map(({ server }) => server))).toEqual(new Set(names));
  for (const { recommendations } of found) {
    for (const name of names) expect(recommendations.join(' ')).not.toContain(name);
  }
});

it('answers for any columns: ranges that parse, confidences between 0 and 1', () => {
  const minute = fc.record({
    calls: fc.nat(50),
    errors: fc.nat(50),
    meanMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  const options = fc.record({
    method: fc.constantFrom(...STATISTICAL_METHODS),
    sensitivity: fc.constantFrom(...SENSITIVITIES),
  });
  fc.assert(
    fc.property(fc.array(minute, { maxLength: 60 }), options, (minutes, chosen) => {
      const found = evaluate({ minutes: [columns('s', 't', minutes)], resources: [] }, { ...OPTIONS, ...chosen });
      for (const { expectedRange, confidence, currentValue } of found) {
        expect(expectedRange).toMatch(/^\d+(\.\d+)?-\d+(\.\d+)?$/);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(Number.isFinite(currentValue)).toBe(true);
      }
    }),
  );
});
