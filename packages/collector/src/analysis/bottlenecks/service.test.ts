/** The analysis with a real store, the newest minutes and the thread; what is in them is simulated. */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, ResourceSample, Window } from '@mcp-vitals/wire/decode';
import { formatToolSeriesName } from '@mcp-vitals/wire/encode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { createRecent, type RecentFigures } from '../../live/recent.ts';
import { HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { Bottlenecks } from '../../serve/ports/analyses.ts';
import { type FilledStore, openFilledStore, type TestCalls, testResources } from '../../testing/filledStore.ts';
import { type AnalysisThread, createAnalysisThread } from '../workerThread.ts';
import { createBottlenecks } from './service.ts';

const NOW_MS = Date.UTC(2025, 9, 31, 12);
const SERVER = 'shop <b>';

let filled: FilledStore;
let recent: RecentFigures;
let thread: AnalysisThread;
let bottlenecks: Bottlenecks;
beforeEach(async () => {
  filled = await openFilledStore(NOW_MS);
  const { store, clock, config } = filled;
  // The collector has been up for the hour.
  let upMs = NOW_MS - HOUR_MS;
  recent = createRecent({ clock: { nowMs: () => upMs }, storedName: (name) => name, maxMb: 16 });
  upMs = NOW_MS;
  thread = createAnalysisThread(systemClock);
  bottlenecks = createBottlenecks({ store, recent, clock, config, thread });
});
afterEach(async () => {
  await thread.close();
  await filled.close();
});

const lastHour = () => ({ fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS });

/** A search that takes 20 ms, and 400 ms in the later half of what is recorded. */
const callsAt = (atMs: number, isSlow: boolean): TestCalls[] => [
  { server: SERVER, tool: 'search', atMs, durationsMs: Array.from({ length: 12 }, (_, i) => (isSlow ? 400 : 20) + i) },
  { server: SERVER, tool: 'list', atMs, durationsMs: [4, 5, 6] },
];

/** Minutes that are stored, and were seen too long ago to be known second by second. */
async function recordMinutes(count: number, minutesAgo = 20): Promise<void> {
  for (let i = 0; i < count; i++) {
    const atMs = NOW_MS - (count + minutesAgo - i) * MINUTE_MS + 30_000;
    await filled.record(callsAt(atMs, i >= count / 2), { resources: [testResources(atMs, { cpuPercent: 3 })] });
  }
}

function windowOf(kind: Window['kind'], name: string, endMs: number, durationsMs: number[]): Window {
  const digest = Digest.ofSorted(Float64Array.from(durationsMs).sort());
  return {
    server: 0,
    kind,
    name,
    startMs: endMs - 1_000,
    endMs,
    outcomes: [durationsMs.length, 0, 0, 0, 0, 0, 0],
    digest,
  };
}

/** Seconds that are in memory, and one call of the server in the store. */
async function observeSeconds(count: number, instance = 'one', resources: Partial<ResourceSample> = {}): Promise<void> {
  await filled.record(callsAt(NOW_MS - 1_000, false));
  for (let i = 0; i < count; i++) {
    const endMs = NOW_MS - (count - i) * 1_000;
    const calls = callsAt(endMs, i >= count / 2);
    const windows = calls.map(({ tool, durationsMs }) => windowOf('tool', tool, endMs, [...durationsMs]));
    if (i >= count / 2) {
      windows.push(windowOf('overlapped', 'search{calls="2"}', endMs, [400, 410]));
      windows.push(windowOf('overlapped', 'search{calls="3-4"}', endMs, [400, 405, 410]));
      windows.push(windowOf('overlapped', 'search{calls="5-8"}', endMs, [400, 405]));
    }
    recent.observe(
      { ...EMPTY, instance, windows, resources: [testResources(endMs + 3, { cpuPercent: 3, ...resources })] },
      0,
    );
  }
}

const EMPTY: Batch = {
  v: 1,
  instance: 'one',
  seq: 1,
  process: { host: 'h', pid: 1, runtime: 'node', sdk: 'test' },
  servers: [{ name: SERVER, version: '1' }],
  windows: [],
  resources: [],
  inFlight: [],
  dropped: {},
};

describe('what is found', () => {
  it('comes from seconds where they are kept', async () => {
    await observeSeconds(40);
    const { findings, calls, servers } = await bottlenecks.analyze(lastHour());
    expect(findings).toMatchObject([
      { cause: 'slow_dependency', server: SERVER, tools: ['search'], resolution: 'second' },
    ]);
    expect(findings[0]!.severity).not.toBe('low');
    expect(calls).toBe(40 * 15);
    expect(servers).toEqual([{ server: SERVER, calls }]);
  });

  it('comes from stored minutes where they are not', async () => {
    await recordMinutes(30);
    const { findings, notJudged } = await bottlenecks.analyze({ fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS });
    expect(findings[0]).toMatchObject({ cause: 'slow_dependency', tools: ['search'], resolution: 'minute' });
    expect(notJudged.map(({ reason }) => reason).join()).toMatch(/neighbours.*resultBytes.*overlap/s);
  });

  it('comes from stored hours where the range is long', async () => {
    await recordMinutes(30, 120);
    const { findings, calls } = await bottlenecks.analyze({ fromMs: NOW_MS - 48 * HOUR_MS, toMs: NOW_MS });
    expect(calls).toBeGreaterThan(0);
    expect(findings.every(({ resolution }) => resolution === 'hour')).toBe(true);
  });

  it('is of the range that was asked for', async () => {
    await observeSeconds(40);
    const before = await bottlenecks.analyze({ fromMs: NOW_MS - 40_000, toMs: NOW_MS - 21_000 });
    expect(before).toMatchObject({ findings: [], calls: 19 * 15 });
  });

  it('is about the tool that was asked for', async () => {
    await observeSeconds(40);
    expect((await bottlenecks.analyze({ ...lastHour(), tool: 'list' })).findings).toEqual([]);
    expect((await bottlenecks.analyze({ ...lastHour(), tool: 'search' })).findings).toHaveLength(1);
  });

  it('names the processes that show it, where others do not', async () => {
    await observeSeconds(40, 'one');
    for (let i = 0; i < 40; i++) {
      const endMs = NOW_MS - (40 - i) * 1_000 + 300;
      const windows = callsAt(endMs, false).map(({ tool, durationsMs }) =>
        windowOf('tool', tool, endMs, [...durationsMs]),
      );
      recent.observe({ ...EMPTY, instance: 'two', windows }, 0);
    }
    const { findings } = await bottlenecks.analyze(lastHour());
    expect(findings.map(({ cause, instances }) => [cause, instances])).toEqual(
      expect.arrayContaining([
        ['slow_dependency', ['one']],
        ['slow_instance', ['one']],
      ]),
    );
  });
});

describe('whose calls are slow', () => {
  const CLIENTS = { cursor: 300, 'claude-code': 20 };

  /** Calls of both clients, as windows that ended at once. */
  const calls = (atMs: number): TestCalls[] => {
    const durations = (ms: number) => Array.from({ length: 6 }, (_, i) => ms + i);
    const all = Object.values(CLIENTS).flatMap(durations);
    return [
      { server: SERVER, tool: 'search {x}', atMs, durationsMs: all },
      ...Object.entries(CLIENTS).map(([client, ms]): TestCalls => {
        const tool = formatToolSeriesName('search {x}', { client });
        return { server: SERVER, kind: 'by_client', tool, atMs, durationsMs: durations(ms) };
      }),
    ];
  };
  const expected = { cause: 'slow_for_client', server: SERVER, tools: ['search {x}'], clients: ['cursor'] };
  const p95 = { name: 'p95 of its calls', value: expect.closeTo(305, 0), unit: 'ms' };

  it('is said from seconds, with what is stored of the range', async () => {
    for (let i = 0; i < 40; i++) {
      const endMs = NOW_MS - (40 - i) * 1_000;
      const windows = calls(endMs).map(({ kind = 'tool', tool, durationsMs }) =>
        windowOf(kind, tool, endMs, [...durationsMs]),
      );
      await filled.record(calls(endMs));
      recent.observe({ ...EMPTY, windows }, 0);
    }
    const { findings } = await bottlenecks.analyze(lastHour());
    const [found, ...others] = findings.filter(({ cause }) => cause === 'slow_for_client');
    expect(found).toMatchObject({ ...expected, resolution: 'second' });
    expect(found!.evidence).toContainEqual(p95);
    expect(others).toEqual([]);
  });

  it.each([
    ['minute', 20, 2],
    ['hour', 120, 48],
  ] as const)('is said from each stored %s', async (resolution, minutesAgo, hours) => {
    for (let i = 0; i < 30; i++) {
      const stepMs = resolution === 'minute' ? MINUTE_MS : HOUR_MS;
      await filled.record(calls(NOW_MS - minutesAgo * MINUTE_MS - (30 - i) * stepMs + 30_000));
    }
    const { findings } = await bottlenecks.analyze({ fromMs: NOW_MS - hours * HOUR_MS, toMs: NOW_MS });
    const found = findings.find(({ cause }) => cause === 'slow_for_client');
    expect(found).toMatchObject({ ...expected, resolution });
    expect(found!.evidence).toContainEqual(p95);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['a server that nobody knows', { server: 'nobody' }, 'not_found'],
    ['a tool that nobody called', { tool: 'nothing' }, 'not_found'],
  ])('is said of %s', async (_, more, code) => {
    await observeSeconds(3);
    await expect(bottlenecks.analyze({ ...lastHour(), ...more })).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
  });

  it('is said of the future', async () => {
    const future = { fromMs: NOW_MS + HOUR_MS, toMs: NOW_MS + 2 * HOUR_MS };
    await expect(bottlenecks.analyze(future)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is nothing where nothing was called', async () => {
    expect(await bottlenecks.analyze(lastHour())).toMatchObject({ findings: [], calls: 0, servers: [], notJudged: [] });
  });

  it('is said of few calls', async () => {
    await observeSeconds(1);
    const { findings, notJudged } = await bottlenecks.analyze(lastHour());
    expect(findings).toEqual([]);
    expect(notJudged).toEqual([{ server: SERVER, reason: '15 calls are too few to judge; it takes 30.' }]);
  });
});

it('is cancelled between servers', async () => {
  await observeSeconds(3);
  await expect(bottlenecks.analyze(lastHour(), { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
});
