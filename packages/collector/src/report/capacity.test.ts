import { describe, expect, it } from 'vitest';
import type { LastingTrend } from '../model/report.ts';
import { HOUR_MS, type ResourceRollup, type SeriesRollup } from '../model/rollup.ts';
import { type CapacityEvidence, capacityOf } from './capacity.ts';

const NOW_MS = Date.UTC(2025, 9, 31, 12);
const RANGE = { fromMs: NOW_MS - 4 * HOUR_MS, toMs: NOW_MS };

function step(server: string, hoursAgo: number, calls: number, sumMs: number): SeriesRollup {
  return {
    series: { server, kind: 'tool', name: '' },
    startMs: NOW_MS - hoursAgo * HOUR_MS,
    outcomes: [calls, 0, 0, 0, 0, 0, 0],
    sumMs,
    minMs: 1,
    maxMs: 1,
    digest: undefined,
  };
}

function resources(values: Partial<ResourceRollup>): ResourceRollup {
  return {
    server: 'files',
    startMs: 0,
    samples: 10,
    minutes: 10,
    cpuPercentAvg: 20,
    cpuPercentMax: 40,
    memoryMbAvg: 100,
    memoryMbMax: 120,
    memoryPercentAvg: 10,
    memoryPercentMax: 12,
    diskIoKb: 0,
    eventLoopDelayMsAvg: 0,
    eventLoopDelayMsMax: 0,
    ...values,
  };
}

function trend(metric: LastingTrend['metric'], slopePerDay: number): LastingTrend {
  return {
    server: 'files',
    metric,
    median: 50,
    slopePerDay,
    slopePercentPerDay: 2 * slopePerDay,
    confidencePercent: 99.5,
    direction: 'degrading',
  };
}

function capacity(evidence: Partial<CapacityEvidence>) {
  const steps = [step('files', 4, 3600, 1_800_000), step('files', 3, 7200, 7_200_000), step('files', 1, 36, 3_600)];
  const defaults = { range: RANGE, nowMs: NOW_MS, stepMs: HOUR_MS, steps, resources: [], trends: [], servers: [] };
  return capacityOf({ ...defaults, ...evidence });
}

describe('capacityOf', () => {
  it('has calls per second on average, at the busiest and at last, and calls at a time by the law of Little', () => {
    const [files] = capacity({});
    expect(files).toMatchObject({
      server: 'files',
      busiestAtMs: NOW_MS - 3 * HOUR_MS,
      callsPerSecond: { busiest: 2, latest: 0.01 },
      concurrency: { busiest: 2 },
      resources: null,
      advice: 'It reports no resources: how much room it has is not known.',
    });
    expect(files!.callsPerSecond.mean).toBeCloseTo(10_836 / (4 * 3600), 9);
    expect(files!.concurrency.mean).toBeCloseTo(9_003.6 / (4 * 3600), 9);
  });

  it('says that there is room', () => {
    const [files] = capacity({ resources: [resources({})] });
    expect(files!.advice).toBe('It has room: no limit is near, and none comes nearer.');
    expect(files!.resources).toMatchObject({ daysUntilCpuLimit: null, daysUntilMemoryLimit: null });
  });

  it('says when memory will be at its limit', () => {
    const own = [resources({ memoryPercentMax: 60, memoryMbMax: 600 })];
    const [files] = capacity({ resources: own, trends: [trend('memory', 3)] });
    expect(files!.resources!.daysUntilMemoryLimit).toBe(10);
    expect(files!.advice).toBe(
      'Give it more memory or find what it keeps: it reached 60 % of its limit (600 MB) and grows; 90 % in about 10 days.',
    );
    expect(capacity({ resources: own, trends: [trend('memory', 0.01)] })[0]!.advice).toContain('It has room');
  });

  it('says how many calls a core is enough for', () => {
    const [files] = capacity({ resources: [resources({ cpuPercentAvg: 80, cpuPercentMax: 99 })] });
    expect(files!.advice).toContain('70 % of one core is enough for about 0.658 calls/s, and it has 0.753 calls/s');
    const [growing] = capacity({ resources: [resources({})], trends: [trend('cpu', 5)] });
    expect(growing!.advice).toContain('90 % of one core in about 14 days');
  });

  it('tells of many calls at a time and of peaks', () => {
    const steps = [step('files', 4, 36_000, 360_000_000), step('files', 1, 36, 3_600)];
    const [files] = capacity({ steps, resources: [resources({})] });
    expect(files!.advice).toContain('Up to 100 calls are under way at a time');
    const wide = { fromMs: NOW_MS - 24 * HOUR_MS, toMs: NOW_MS };
    expect(capacity({ steps, range: wide, resources: [resources({})] })[0]!.advice).toContain('Plan for the peak');
  });

  it('leaves out servers without calls, and steps outside', () => {
    const steps = [step('files', 1, 10, 100), step('idle', 1, 0, 0), step('old', 9, 10, 100)];
    expect(capacity({ steps }).map(({ server }) => server)).toEqual(['files']);
  });
});
