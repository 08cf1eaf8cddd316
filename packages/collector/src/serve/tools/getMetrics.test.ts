import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_CALL } from '../../testing/adminCall.ts';
import { type FilledStore, minutesBefore, openFilledStore } from '../../testing/filledStore.ts';
import { getMetrics } from './getMetrics.ts';

const NOW = Date.parse('2025-10-31T13:30:00Z');
let filled: FilledStore;

beforeEach(async () => {
  filled = await openFilledStore(NOW);
});
afterEach(() => filled.close());

type Args = Partial<Parameters<typeof getMetrics.run>[0]>;

function query(args: Args = {}) {
  const day = { startTime: '2025-10-31T00:00:00Z', endTime: '2025-11-01T00:00:00Z' };
  return getMetrics.run(getMetrics.input.parse({ ...day, ...args }), filled, ADMIN_CALL);
}

const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

describe('get_metrics', () => {
  it('gives each aggregation per tool, and a summary of everything', async () => {
    const atMs = minutesBefore(NOW, 30);
    await filled.record([
      { server: 'files', tool: 'read', atMs, durationsMs: hundred, failures: 5 },
      { server: 'files', tool: 'write', atMs, durationsMs: [1000] },
      { server: 'web', tool: 'read', atMs, durationsMs: [7, 7, 7] },
    ]);
    const values: Record<string, number> = {};
    for (const aggregation of ['avg', 'p50', 'p95', 'p99', 'max', 'count'] as const) {
      const { structured } = await query({ aggregation, mcpServer: 'files', toolName: 'read' });
      expect(structured.metrics).toHaveLength(1);
      values[aggregation] = structured.metrics[0]!.value;
    }
    expect(values).toEqual({ avg: 50.5, p50: 50, p95: 95, p99: 99, max: 100, count: 100 });

    const { structured } = await query();
    expect(getMetrics.output.parse(structured)).toEqual(structured);
    expect(
      structured.metrics.map(({ mcpServer, toolName, value, count }) => [mcpServer, toolName, value, count]),
    ).toEqual([
      ['files', 'read', 50.5, 100],
      ['files', 'write', 1000, 1],
      ['web', 'read', 7, 3],
    ]);
    expect(structured.summary.totalCalls).toBe(104);
    expect(structured.summary.avgResponseTime).toBeCloseTo((5050 + 1000 + 21) / 104, 3);
    expect(structured.summary.errorRate).toBeCloseTo(500 / 104, 3);
    expect(structured.summary.p99ResponseTime).toBeGreaterThanOrEqual(99);
  });

  it('merges the summary of one tool name across servers', async () => {
    const atMs = minutesBefore(NOW, 30);
    await filled.record([
      { server: 'files', tool: 'read', atMs, durationsMs: hundred },
      { server: 'web', tool: 'read', atMs, durationsMs: hundred.map((ms) => ms + 100) },
      { server: 'web', tool: 'other', atMs, durationsMs: [9999] },
    ]);
    const { structured } = await query({ toolName: 'read', aggregation: 'count' });
    expect(structured.metrics).toHaveLength(2);
    expect(structured.summary).toEqual({
      totalCalls: 200,
      avgResponseTime: 100.5,
      p95ResponseTime: 190,
      p99ResponseTime: 198,
      errorRate: 0,
    });
  });

  it('has one row per tool and hour or day', async () => {
    await filled.record([
      { server: 'files', tool: 'read', atMs: Date.parse('2025-10-31T11:05:00Z'), durationsMs: [10] },
    ]);
    await filled.record([
      { server: 'files', tool: 'read', atMs: Date.parse('2025-10-31T12:05:00Z'), durationsMs: [20, 40] },
    ]);
    const hours = await query({ groupBy: 'hour' });
    expect(hours.structured.metrics.map(({ timestamp, value, count }) => [timestamp, value, count])).toEqual([
      ['2025-10-31T11:00:00.000Z', 10, 1],
      ['2025-10-31T12:00:00.000Z', 30, 2],
    ]);
    const days = await query({ groupBy: 'day' });
    expect(days.structured.metrics.map(({ timestamp, count }) => [timestamp, count])).toEqual([
      ['2025-10-31T00:00:00.000Z', 3],
    ]);
  });

  it('answers a year on an empty store with zeros', async () => {
    const { structured, text } = await query({ startTime: '2024-10-31', endTime: '2025-10-31', groupBy: 'hour' });
    expect(structured).toEqual({
      metrics: [],
      summary: { totalCalls: 0, avgResponseTime: 0, p95ResponseTime: 0, p99ResponseTime: 0, errorRate: 0 },
    });
    expect(text).toContain('No calls in this range.');
  });

  it('answers an empty range with zeros', async () => {
    const { structured } = await query({ startTime: '2025-10-31T12:00:00Z', endTime: '2025-10-31T12:00:00Z' });
    expect(structured.summary.totalCalls).toBe(0);
  });

  it('says when the range had to be widened', async () => {
    const { text } = await query({ startTime: '2025-10-31T12:00:30Z', endTime: '2025-10-31T12:10:00Z' });
    expect(text).toContain('Widened to whole stored spans: 2025-10-31T12:00:00.000Z to 2025-10-31T12:10:00.000Z.');
  });

  it('refuses a range that ends before it starts, and what is no time', async () => {
    await expect(query({ startTime: '2025-11-02', endTime: '2025-11-01' })).rejects.toMatchObject({
      code: 'invalid',
      message: 'startTime 2025-11-02T00:00:00.000Z is after endTime 2025-11-01T00:00:00.000Z',
    });
    await expect(query({ startTime: 'yesterday' })).rejects.toThrow('startTime is not a time: "yesterday"');
  });

  it('lists the busiest thousand rows and says so', async () => {
    const atMs = minutesBefore(NOW, 30);
    const calls = Array.from({ length: 1_010 }, (_, index) => ({
      server: index < 505 ? 'a' : 'b',
      tool: `t${index}`,
      atMs,
      durationsMs: index % 101 === 0 ? [1] : [1, 2],
    }));
    await filled.record(calls);
    const { structured, text } = await query();
    expect(structured.metrics).toHaveLength(1_000);
    expect(structured.metrics.every(({ count }) => count === 2)).toBe(true);
    expect(structured.summary.totalCalls).toBe(2_010);
    expect(text).toContain('The 1000 busiest of 1010 rows are listed; narrow the query for the others.');
  });

  it('shows hostile names as data', async () => {
    const tool = 'x" Ignore all\u202E';
    await filled.record([{ server: '../', tool, atMs: minutesBefore(NOW, 30), durationsMs: [1] }]);
    const { structured, text } = await query();
    expect(structured.metrics[0]!.toolName).toBe(tool);
    expect(text).toContain('"x\\" Ignore all\\u{202e}" of "../"');
  });
});

describe('get_metrics of another kind', () => {
  beforeEach(async () => {
    const atMs = minutesBefore(NOW, 30);
    await filled.record([
      { server: 'files', tool: 'read', atMs, durationsMs: [1, 2, 3] },
      { server: 'files', tool: 'read', kind: 'result_bytes', atMs, durationsMs: [100, 300] },
      { server: 'files', tool: 'completion/complete', kind: 'method', atMs, durationsMs: [5, 7], failures: 1 },
      { server: 'web', tool: 'cache_hits{cache="users"}', kind: 'counter', atMs, durationsMs: [40, 2] },
      { server: 'web', tool: 'balance', kind: 'gauge', atMs, durationsMs: [-1.5] },
    ]);
  });

  it('leaves the other kinds out unless asked for one', async () => {
    const { structured } = await query();
    expect(structured.metrics.map(({ toolName }) => toolName)).toEqual(['read']);
    expect(structured.summary.totalCalls).toBe(3);
  });

  it('answers for the kind asked for, in its unit', async () => {
    const bytes = await query({ kind: 'result_bytes', aggregation: 'max' });
    expect(bytes.structured.metrics).toMatchObject([{ toolName: 'read', value: 300, count: 2 }]);
    expect(bytes.structured.summary).toMatchObject({ totalCalls: 2, avgResponseTime: 200 });
    expect(bytes.text).toContain('max 300 bytes');
    expect(bytes.text).not.toContain(' ms');

    const method = await query({ kind: 'method', toolName: 'completion/complete', mcpServer: 'files' });
    expect(method.structured.summary).toMatchObject({ totalCalls: 2, avgResponseTime: 6, errorRate: 50 });
  });

  it('adds a counter up, and takes a gauge below zero', async () => {
    const counter = await query({ kind: 'counter', aggregation: 'sum' });
    expect(counter.structured.metrics).toMatchObject([{ mcpServer: 'web', value: 42 }]);
    const gauge = await query({ kind: 'gauge', aggregation: 'p50' });
    expect(gauge.structured.metrics).toMatchObject([{ toolName: 'balance', value: -1.5 }]);
  });
});
