import { describe, expect, it } from 'vitest';
import type { ToolStats } from '../model/report.ts';
import type { ResourceRollup } from '../model/rollup.ts';
import { type RecommendationEvidence, recommend } from './recommend.ts';

const NOTHING: RecommendationEvidence = {
  nowMs: 0,
  tools: [],
  trends: [],
  anomalies: [],
  unresolvedAlerts: [],
  recentErrors: [],
  inFlight: [],
  resources: [],
  servers: [],
};

function tool(change: Partial<ToolStats>): ToolStats {
  const stats = { calls: 100, errors: 0, errorRatePercent: 0, avgMs: 10, p50Ms: 10, p95Ms: 20, p99Ms: 30, maxMs: 40 };
  return { server: 'files', tool: 'read', ...stats, totalMs: 1000, sharePercent: 10, ...change };
}

const resources: ResourceRollup = {
  server: 'files',
  startMs: 0,
  samples: 10,
  minutes: 10,
  cpuPercentAvg: 10,
  cpuPercentMax: 20,
  memoryMbAvg: 100,
  memoryMbMax: 200,
  memoryPercentAvg: 5,
  memoryPercentMax: 6,
  diskIoKb: 0,
  eventLoopDelayMsAvg: 0,
  eventLoopDelayMsMax: 0,
};

const given = (evidence: Partial<RecommendationEvidence>) => recommend({ ...NOTHING, ...evidence });

describe('recommend', () => {
  it('has nothing to say of what is within its targets', () => {
    expect(given({})).toEqual([]);
    expect(given({ tools: [tool({}), tool({ p95Ms: 500 }), tool({ errors: 1, errorRatePercent: 1 })] })).toEqual([]);
    expect(given({ resources: [resources] })).toEqual([]);
  });

  it('does not judge a tool by a few calls', () => {
    expect(given({ tools: [tool({ calls: 9, errors: 9, errorRatePercent: 100, p95Ms: 9000 })] })).toEqual([]);
    expect(given({ tools: [tool({ calls: 50, errors: 1, errorRatePercent: 2 })] })).toEqual([]);
  });

  it('tells a long tail from a slow tool', () => {
    expect(given({ tools: [tool({ p50Ms: 10, p95Ms: 800 })] })).toEqual([
      'Look at the slowest calls of `read` of `files`, which are unlike the usual ones: p50 10 ms, p95 800 ms over 100 calls.',
    ]);
    expect(given({ tools: [tool({ p50Ms: 600, p95Ms: 800 })] })).toEqual([
      'Make `read` of `files` faster as a whole, it is slow in most calls: p50 600 ms, p95 800 ms over 100 calls.',
    ]);
  });

  it('names the commonest of the newest errors of that tool', () => {
    const error = (errorClass: string, code: string, name = 'read') => ({
      series: { server: 'files', kind: 'tool' as const, name },
      atMs: 0,
      errorClass,
      code,
      message: undefined,
    });
    const recentErrors = [error('A', ''), error('B', '7'), error('B', '7'), error('C', '', 'other')];
    expect(given({ tools: [tool({ errors: 5, errorRatePercent: 5 })], recentErrors })).toEqual([
      'Find out why `read` of `files` fails: 5 failures in 100 calls (5 %), `B 7` in 2 of the newest 3.',
    ]);
  });

  it('points at calls that do not return', () => {
    const call = (oldestAgeMs: number) => ({
      series: { server: 'files', kind: 'tool' as const, name: 'read' },
      count: 2,
      oldestAgeMs,
    });
    expect(given({ inFlight: [call(59_999)] })).toEqual([]);
    expect(given({ inFlight: [call(300_000)] })).toEqual([
      'See whether `read` of `files` hangs: 2 calls in flight, the oldest for 5 min.',
    ]);
  });

  it('points at servers short of memory or CPU', () => {
    expect(
      given({ resources: [{ ...resources, memoryPercentMax: 90, memoryMbMax: 2048, cpuPercentAvg: 95 }] }),
    ).toEqual([
      'Give `files` more memory or find what it keeps: it reached 90 % of its limit (2,048 MB).',
      'Relieve `files`: it used 95 % of a core on average.',
    ]);
  });

  it('says which figures are incomplete', () => {
    const server = { name: 'files', version: '1', firstSeenMs: 0, lastSeenMs: 0, liveInstances: 1, hosts: [] };
    expect(given({ servers: [{ ...server, dropped: { queue_full: 0 } }] })).toEqual([]);
    expect(given({ servers: [{ ...server, dropped: { queue_full: 1200 } }] })).toEqual([
      'Bear in mind that figures of `files` are incomplete: its SDK lost 1,200 by `queue_full`.',
    ]);
  });

  it('gives no more than three of a kind', () => {
    const tools = Array.from({ length: 9 }, (_, index) => tool({ tool: `t${index}`, p50Ms: 900, p95Ms: 1000 - index }));
    expect(given({ tools })).toHaveLength(3);
    expect(given({ tools })[0]).toContain('`t0`');
  });
});
