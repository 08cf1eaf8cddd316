/** The rolling counters against a recount of everything that was ever observed. */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, ResourceSample, Window } from '@mcp-vitals/wire/decode';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertSeverity } from '../model/alert.ts';
import { Evaluator } from './evaluator.ts';
import type { Exceeded } from './followed.ts';
import { ThresholdBook, thresholdIdOf } from './thresholds.ts';

const MINUTE = 60_000;
const START = Date.parse('2025-10-31T13:00:30Z');
const SETTINGS = { evaluationMinutes: 5, minCalls: 10 };

interface Call {
  tool: string;
  durationsMs: number[];
  errors: number;
}

function windowOf({ tool, durationsMs, errors }: Call, endMs: number): Window {
  const digest = Digest.ofSorted(Float64Array.from(durationsMs).sort());
  const failed = Math.min(errors, durationsMs.length);
  const outcomes: Window['outcomes'] = [durationsMs.length - failed, failed, 0, 0, 3, 0, 0];
  return { server: 0, kind: 'tool', name: tool, startMs: endMs - 1000, endMs, outcomes, digest };
}

function batchOf(windows: Window[], resources: ResourceSample[] = [], server = 'shop'): Batch {
  const process = { host: 'h', pid: 1, runtime: 'node', sdk: 'test' };
  const servers = [{ name: server, version: '1' }];
  return { v: 1, instance: 'i', seq: 1, process, servers, windows, resources, inFlight: [], dropped: {} };
}

function sample(atMs: number, cpuPercent: number, memoryPercent = 10): ResourceSample {
  return { atMs, cpuPercent, memoryMb: 100, memoryPercent, diskIoKb: 0, eventLoopDelayMs: 0 };
}

const told = (exceeded: readonly Exceeded[]): string[] =>
  exceeded.map(({ tool, metric, severity, value }) => [tool, metric, severity, value].join(' ')).sort();

const asIs = (name: string): string => name;
const start = (storedName = asIs) => new Evaluator(new ThresholdBook(), SETTINGS, storedName);
const repeat = (n: number, value: number): number[] => Array(n).fill(value);

describe('against a recount', () => {
  interface Step extends Call {
    afterSeconds: number;
    /** How late the window arrives. */
    lateMinutes: number;
  }
  interface Kept extends Call {
    minute: number;
  }

  function worst(warning: boolean, critical: boolean): AlertSeverity | undefined {
    return critical ? 'critical' : warning ? 'warning' : undefined;
  }

  function recount(kept: readonly Kept[], nowMinute: number): string[] {
    return ['a', 'b'].flatMap((tool) => {
      const inSpan = kept.filter(
        (each) => each.tool === tool && each.minute > nowMinute - 5 && each.minute <= nowMinute,
      );
      const all = inSpan.flatMap(({ durationsMs }) => durationsMs).sort((x, y) => x - y);
      if (all.length < SETTINGS.minCalls) return [];
      const p95 = all[Math.ceil(all.length * 0.95) - 1]!;
      const failed = inSpan.reduce((sum, { errors, durationsMs }) => sum + Math.min(errors, durationsMs.length), 0);
      const rate = (100 * failed) / all.length;
      const slow = worst(p95 > 500, p95 > 1000);
      const failing = worst(rate > 1, rate > 5);
      return [
        ...(slow ? [[tool, 'response_time', slow, undefined].join(' ')] : []),
        ...(failing ? [[tool, 'error_rate', failing, rate].join(' ')] : []),
      ];
    });
  }

  const step: fc.Arbitrary<Step> = fc.record({
    tool: fc.constantFrom('a', 'b'),
    durationsMs: fc.array(fc.oneof(fc.constantFrom(1, 500, 501, 1000, 1001), fc.nat(400)), { maxLength: 30 }),
    errors: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(3)),
    afterSeconds: fc.nat(90),
    lateMinutes: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(8)),
  });

  it('tells what exceeds a limit, no more and no less', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const evaluator = start();
        const kept: Kept[] = [];
        let now = START;
        for (const each of steps) {
          now += each.afterSeconds * 1000;
          const endMs = now - each.lateMinutes * MINUTE;
          kept.push({ ...each, minute: Math.ceil(endMs / MINUTE) - 1 });
          evaluator.observe(batchOf([windowOf(each, endMs)]), 0, now);
          expect(told(evaluator.tick(now))).toEqual(recount(kept, Math.floor(now / MINUTE)).sort());
        }
      }),
    );
  });
});

describe('news', () => {
  const slow = (n: number, ms: number) =>
    batchOf([windowOf({ tool: 't', durationsMs: repeat(n, ms), errors: 0 }, START)]);

  it('come once, and again only when it gets worse', () => {
    const evaluator = start();
    expect(told(evaluator.observe(slow(10, 600), 0, START))).toEqual(['t response_time warning ']);
    expect(told(evaluator.observe(slow(10, 600), 0, START))).toEqual([]);
    expect(told(evaluator.observe(slow(10, 2000), 0, START))).toEqual(['t response_time critical ']);
    expect(told(evaluator.observe(slow(900, 1), 0, START))).toEqual([]);
    expect(told(evaluator.tick(START))).toEqual([]);
    expect(told(evaluator.observe(slow(900, 600), 0, START))).toEqual(['t response_time warning ']);
  });

  it('need the least number of calls', () => {
    const evaluator = start();
    expect(evaluator.observe(slow(9, 600), 0, START)).toEqual([]);
    expect(evaluator.observe(slow(1, 600), 0, START)).toHaveLength(1);
  });

  it('are of tools only', () => {
    const windows = [windowOf({ tool: 't', durationsMs: repeat(10, 600), errors: 10 }, START)];
    const resource = windows.map((window) => ({ ...window, kind: 'resource' as const }));
    expect(start().observe(batchOf(resource), 0, START)).toEqual([]);
  });

  it('correct the clock of the sender', () => {
    const skewMs = 3 * 60 * MINUTE;
    const windows = [windowOf({ tool: 't', durationsMs: repeat(10, 600), errors: 0 }, START + skewMs)];
    const evaluator = start();
    expect(evaluator.observe(batchOf(windows), skewMs, START)).toHaveLength(1);
    expect(evaluator.tick(START + 4 * MINUTE)).toHaveLength(1);
    expect(evaluator.tick(START + 5 * MINUTE)).toEqual([]);
  });
});

describe('cpu and memory', () => {
  it('are means over samples that reach over a minute', () => {
    const evaluator = start();
    const samples = [0, 30, 59].map((second) => sample(START + second * 1000, 95, 80));
    expect(evaluator.observe(batchOf([], samples), 0, START + MINUTE)).toEqual([]);
    const news = evaluator.observe(batchOf([], [sample(START + MINUTE, 75, 80)]), 0, START + MINUTE);
    expect(told(news)).toEqual([' cpu warning 90', ' memory warning 80']);
  });

  it('leave out numbers that are none', () => {
    const evaluator = start();
    const samples = [sample(START, Number.NaN, 99), sample(START + MINUTE, Number.NaN, 99)];
    expect(told(evaluator.observe(batchOf([], samples), 0, START + MINUTE))).toEqual([' memory critical 99']);
  });
});

describe('thresholds that change', () => {
  const set = (book: ThresholdBook, threshold: number, enabled = true) => {
    const scope = { server: '', tool: 't', metric: 'response_time', severity: 'warning' } as const;
    book.set({ ...scope, thresholdId: thresholdIdOf(scope), threshold, enabled });
  };
  const slow = batchOf([windowOf({ tool: 't', durationsMs: repeat(10, 600), errors: 0 }, START)]);

  it('apply to the samples that come after', () => {
    const book = new ThresholdBook();
    const evaluator = new Evaluator(book, SETTINGS, asIs);
    evaluator.observe(slow, 0, START);
    set(book, 700);
    expect(evaluator.tick(START)).toEqual([]);
    expect(evaluator.observe(slow, 0, START)).toEqual([]);
    set(book, 550);
    expect(evaluator.observe(slow, 0, START)).toHaveLength(1);
    set(book, 550, false);
    expect(evaluator.tick(START)).toEqual([]);
  });
});

describe('what must not hurt', () => {
  const slowAt = (ms: number, tool = 't', server = 'shop') =>
    batchOf([windowOf({ tool, durationsMs: repeat(10, 600), errors: 0 }, ms)], [], server);

  it('a clock that goes back a little', () => {
    const evaluator = start();
    evaluator.observe(slowAt(START), 0, START);
    expect(evaluator.tick(START - MINUTE)).toHaveLength(1);
    expect(evaluator.observe(slowAt(START - MINUTE), 0, START - MINUTE)).toEqual([]);
  });

  it('a clock that goes back a day', () => {
    const evaluator = start();
    evaluator.observe(slowAt(START), 0, START);
    const yesterday = START - 24 * 60 * MINUTE;
    expect(evaluator.tick(yesterday)).toEqual([]);
    expect(evaluator.observe(slowAt(yesterday), 0, yesterday)).toHaveLength(1);
    expect(evaluator.tick(yesterday + 5 * MINUTE)).toEqual([]);
  });

  it('names that objects know', () => {
    const evaluator = start();
    for (const name of ['__proto__', 'constructor', 'toString', '\u0000', 'x'.repeat(10_000)]) {
      expect(evaluator.observe(slowAt(START, name, name), 0, START)).toEqual([
        { server: name, tool: name, metric: 'response_time', severity: 'warning', value: undefined },
      ]);
    }
  });

  it('long names, which are told as they are stored', () => {
    const evaluator = start((name) => name.slice(0, 100));
    const [first] = evaluator.observe(slowAt(START, 'x'.repeat(10_000), 'y'.repeat(200)), 0, START);
    expect(first).toMatchObject({ server: 'y'.repeat(100), tool: 'x'.repeat(100) });
  });

  it('any number of names, which are forgotten once quiet', () => {
    const evaluator = start();
    for (let i = 0; i < 40; i++) {
      const windows = Array.from({ length: 1000 }, (_, j) =>
        windowOf({ tool: `t${j}`, durationsMs: [1], errors: 0 }, START),
      );
      evaluator.observe(batchOf(windows, [], `s${i}`), 0, START);
    }
    expect(evaluator.followed).toBe(30_000);
    evaluator.tick(START + 4 * MINUTE);
    expect(evaluator.followed).toBe(30_000);
    evaluator.tick(START + 5 * MINUTE);
    expect(evaluator.followed).toBe(0);
  });
});
