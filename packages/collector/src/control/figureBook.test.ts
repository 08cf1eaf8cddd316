/** Slices of two seconds out of windows of any length. */
import type { Batch } from '@mcp-vitals/wire/decode';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { middleMs } from '../model/latencyCounts.ts';
import { incomingBatch } from '../store/storeFixtures.ts';
import { FigureBook } from './figureBook.ts';
import { SLICE_MS } from './serverSlices.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);

interface Span {
  startMs: number;
  lengthMs: number;
  calls: number;
}

function batchOf(seq: number, { startMs, lengthMs, calls }: Span, loopDelayMs: number): Batch {
  const endMs = startMs + lengthMs;
  const durationsMs = new Array<number>(calls).fill(10);
  const usage = { cpuPercent: 50, memoryMb: 50, memoryPercent: 1, diskIoKb: 0, eventLoopDelayMs: loopDelayMs };
  return incomingBatch({
    seq,
    receivedAtMs: endMs,
    windows: [{ server: 'shop', name: 'search', startMs, endMs, durationsMs }],
    resources: [{ ...usage, atMs: endMs }],
  }).batch;
}

function slicesOf(spans: readonly Span[], loopDelayMs = 0) {
  const book = new FigureBook();
  for (const [i, span] of spans.entries())
    book.observe(batchOf(i + 1, span, loopDelayMs), new Set([0]), 0, span.startMs + span.lengthMs);
  return book.slices('shop', 'search', { fromMs: 0, toMs: Number.POSITIVE_INFINITY });
}

describe('windows', () => {
  it('lose no call, and lie where they were, whatever their length', () => {
    const span = fc.record({
      startMs: fc.integer({ min: START_MS, max: START_MS + 100_000 }),
      lengthMs: fc.integer({ min: 0, max: 50_000 }),
      calls: fc.integer({ min: 1, max: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 6 }), (spans) => {
        const slices = slicesOf(spans);
        const all = spans.reduce((sum, { calls }) => sum + calls, 0);
        expect(slices.reduce((sum, { ok }) => sum + ok, 0)).toBeCloseTo(all, 6);
        expect(slices.flatMap(({ durations }) => durations).reduce((sum, [, n]) => sum + n, 0)).toBeCloseTo(all, 6);
        for (const { startMs } of slices)
          expect(spans.some((one) => startMs <= one.startMs + one.lengthMs && one.startMs < startMs + SLICE_MS)).toBe(
            true,
          );
      }),
      { numRuns: 100 * inject('thoroughness') },
    );
  });

  it('of eight seconds are four slices of the same load', () => {
    expect(slicesOf([{ startMs: START_MS, lengthMs: 8_000, calls: 800 }]).map(({ ok }) => ok)).toEqual([
      200, 200, 200, 200,
    ]);
  });
});

it('takes as a duration what the client waited for, the event loop included, over the whole time that was late', () => {
  const before = { startMs: START_MS, lengthMs: 2_000, calls: 1 };
  const late = { startMs: START_MS + 2_000, lengthMs: 6_000, calls: 600 };
  const slices = slicesOf([before, late], 1_500);
  expect(slices.slice(1).map(({ loopDelayMs }) => loopDelayMs)).toEqual([1_500, 1_500, 1_500]);
  for (const { durations } of slices.slice(1)) {
    const [[bin]] = durations as [[number, number]];
    expect(Math.abs(middleMs(bin) - 1_510)).toBeLessThan(0.03 * 1_510);
  }
});

it('knows when a policy was first said to be in force, and forgets it for a newer one', () => {
  const book = new FigureBook();
  const hear = (seq: number, version: number, nowMs: number) => {
    const batch = batchOf(seq, { startMs: nowMs - 1_000, lengthMs: 1_000, calls: 1 }, 0);
    book.observe({ ...batch, controls: [{ server: 0, permitted: [], version }] }, new Set([0]), 0, nowMs);
  };
  for (const [i, version] of [0, 1, 1, 0, 2].entries()) hear(i + 1, version, START_MS + 1_000 * i);
  expect(book.heardMs('shop', 2)).toBe(START_MS + 4_000);
  expect(book.heardMs('shop', 1)).toBeUndefined();
  expect(book.heardMs('other', 2)).toBeUndefined();
});
