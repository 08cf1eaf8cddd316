import { describe, expect, it } from 'vitest';
import type { Threshold } from '../model/alert.ts';
import { testAlert } from '../testing/filledStore.ts';
import { incidentsOf } from './incidents.ts';
import { countTargets, type TargetEvidence, targetsOf } from './targets.ts';

const good = { calls: 100, errors: 0, errorRatePercent: 0, avgMs: 50, p50Ms: 40, p95Ms: 100, p99Ms: 200, maxMs: 300 };
const named = (...names: string[]) => names.map((name) => ({ name, dropped: {} }));
const evidence = { overall: good, alerts: [], servers: named('files'), thresholds: [] };
const targets = (change: Partial<Omit<TargetEvidence, 'incidents'>>) =>
  targetsOf({ ...evidence, ...change, incidents: incidentsOf(change.alerts ?? []) });
const verdicts = (change: Partial<Omit<TargetEvidence, 'incidents'>>) =>
  Object.fromEntries(targets(change).map(({ name, value, met }) => [name, [value, met]]));

describe('targetsOf', () => {
  it('has every success criterion, with what it cannot know marked so', () => {
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
      'Unit test coverage': ['of the build, not of its operation', undefined],
      'Integration test coverage': ['of the build, not of its operation', undefined],
      'Data loss': ['0 samples lost, ever', true],
      'Documentation completeness': ['of the build, not of its operation', undefined],
    });
  });

  it('counts what is met, missed and unknown', () => {
    expect(countTargets(targets({}))).toEqual({ met: 6, missed: 0, unknown: 7 });
    expect(countTargets(targets({ overall: { ...good, avgMs: 100 } }))).toEqual({ met: 5, missed: 1, unknown: 7 });
  });

  it('has the value as a number beside the words', () => {
    expect(targets({}).find(({ name }) => name === 'Error rate')).toMatchObject({ actual: 0, group: 'performance' });
    expect(targets({}).find(({ name }) => name === 'Monitoring overhead')).toMatchObject({ actual: null });
  });

  it('adds up what senders lost', () => {
    const servers = [{ name: 'files', dropped: { queue_full: 2, spool_full: 3 } }, ...named('web')];
    expect(verdicts({ servers })['Data loss']).toEqual(['5 samples lost, ever', false]);
  });

  it('misses targets at their limits', () => {
    const overall = { ...good, avgMs: 100, p95Ms: 500, p99Ms: 1000, errorRatePercent: 1 };
    const missed = targets({ overall }).filter(({ met }) => met === false);
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
    const servers = named('files', 'web');
    expect(verdicts({ servers, thresholds: off('web') })['Alert coverage']).toEqual(['50 %', false]);
    expect(verdicts({ servers, thresholds: off('') })['Alert coverage']).toEqual(['0 %', false]);
    const onForFiles = off('files').map((threshold) => ({ ...threshold, enabled: true }));
    expect(verdicts({ servers, thresholds: [...off(''), ...onForFiles] })['Alert coverage']).toEqual(['50 %', false]);
    expect(verdicts({ servers: [] })['Alert coverage']).toEqual(['no servers', undefined]);
  });
});
