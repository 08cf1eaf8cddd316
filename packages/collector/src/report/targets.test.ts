import { describe, expect, it } from 'vitest';
import type { Threshold } from '../model/alert.ts';
import { testAlert } from '../testing/filledStore.ts';
import { targetsOf } from './targets.ts';

const good = { calls: 100, errors: 0, errorRatePercent: 0, avgMs: 50, p50Ms: 40, p95Ms: 100, p99Ms: 200, maxMs: 300 };
const evidence = { overall: good, alerts: [], servers: ['files'], thresholds: [] };
const verdicts = (change: Partial<Parameters<typeof targetsOf>[0]>) =>
  Object.fromEntries(targetsOf({ ...evidence, ...change }).map(({ name, value, met }) => [name, [value, met]]));

describe('targetsOf', () => {
  it('has every success criterion of operation, with what it cannot know marked so', () => {
    expect(verdicts({})).toEqual({
      'Average response time': ['50 ms', true],
      'P95 response time': ['100 ms', true],
      'P99 response time': ['200 ms', true],
      'Error rate': ['0 %', true],
      'Monitoring overhead': ['not measured at run time; docs/benchmarks.md has it', undefined],
      'Mean time to resolution': ['no incident ended', undefined],
      'Anomaly detection accuracy': [
        'incidents that nobody saw are not known; docs/detection.md has it measured',
        undefined,
      ],
      'False positive rate': ['no alert was marked useful or false', undefined],
      'Alert coverage': ['100 %', true],
    });
  });

  it('misses targets at their limits', () => {
    const overall = { ...good, avgMs: 100, p95Ms: 500, p99Ms: 1000, errorRatePercent: 1 };
    const missed = targetsOf({ ...evidence, overall }).filter(({ met }) => met === false);
    expect(missed.map(({ name }) => name)).toEqual([
      'Average response time',
      'P95 response time',
      'P99 response time',
      'Error rate',
    ]);
  });

  it('has no verdict without calls', () => {
    expect(verdicts({ overall: { ...good, calls: 0 } })['Error rate']).toEqual(['no calls', undefined]);
  });

  it('counts an incident from its alert to when its condition cleared', () => {
    const alerts = [
      testAlert({ createdAtMs: 0, clearedAtMs: 300_000, resolvedAtMs: 9e7 }),
      testAlert({ createdAtMs: 0, resolvedAtMs: 1_500_000 }),
      testAlert({ createdAtMs: 0 }),
    ];
    expect(verdicts({ alerts })['Mean time to resolution']).toEqual(['15.0 min', false]);
  });

  it('counts a server as covered unless its thresholds are all switched off', () => {
    const off = (server: string): Threshold[] =>
      (['response_time', 'error_rate'] as const).flatMap((metric) =>
        (['warning', 'critical'] as const).map((severity) => ({
          thresholdId: `${metric}-${severity}-${server}`,
          server,
          tool: '',
          metric,
          threshold: 1,
          severity,
          enabled: false,
        })),
      );
    const servers = ['files', 'web'];
    expect(verdicts({ servers, thresholds: off('web') })['Alert coverage']).toEqual(['50 %', false]);
    expect(verdicts({ servers, thresholds: off('') })['Alert coverage']).toEqual(['0 %', false]);
    const onForFiles = off('files').map((threshold) => ({ ...threshold, enabled: true }));
    expect(verdicts({ servers, thresholds: [...off(''), ...onForFiles] })['Alert coverage']).toEqual(['50 %', false]);
    expect(verdicts({ servers: [] })['Alert coverage']).toEqual(['no servers', undefined]);
  });
});
