import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { type BatchSpec, incomingBatch, type WindowSpec } from '../store/storeFixtures.ts';
import { createRecent, KEPT_MS } from './recent.ts';

const NOW = 1_800_000_000_000;
const EVER = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

function recentAt(maxMb = 32) {
  const clock = { timeMs: NOW, nowMs: () => clock.timeMs };
  const recent = createRecent({ clock, storedName: (name) => name, maxMb });
  const observe = (spec: Omit<BatchSpec, 'seq' | 'receivedAtMs'>) => {
    const { batch, skewMs } = incomingBatch({ seq: 1, receivedAtMs: clock.timeMs, ...spec });
    recent.observe(batch, skewMs);
  };
  return { clock, recent, observe };
}

const sample = { cpuPercent: 5, memoryMb: 100, memoryPercent: 1, diskIoKb: 2, eventLoopDelayMs: 0.5 };

describe('windows', () => {
  it('are told as they came, on our clock', () => {
    const { recent, observe } = recentAt();
    const windows: WindowSpec[] = [{ endMs: NOW + 5_000, durationsMs: [10, 30], failuresMs: [20], countedMs: [150] }];
    observe({ windows, skewMs: 5_000 });
    expect(recent.windows(EVER, {})).toEqual([
      {
        server: 'server',
        kind: 'tool',
        name: 'tool',
        instance: 'instance-1',
        startMs: NOW - 1_000,
        endMs: NOW,
        calls: 4,
        errors: 1,
        sumMs: 210,
        maxMs: 150,
      },
    ]);
  });

  it('belong to the range that they end in', () => {
    const { recent, observe } = recentAt();
    observe({ windows: [NOW - 1_000, NOW - 2_000, NOW].map((endMs) => ({ endMs })) });
    const ends = (fromMs: number, toMs: number) => recent.windows({ fromMs, toMs }, {}).map(({ endMs }) => endMs - NOW);
    expect(ends(NOW - 2_000, NOW - 1_000)).toEqual([-1_000]);
    expect(ends(NOW - 1_000, NOW)).toEqual([0]);
    expect(ends(0, NOW)).toEqual([-2_000, -1_000, 0]);
  });

  it('are selected by server, name and kind; tools where no kind is named', () => {
    const { recent, observe } = recentAt();
    observe({
      windows: [
        { endMs: NOW, server: 'a', name: 'x' },
        { endMs: NOW, server: 'b', name: 'x' },
        { endMs: NOW, server: 'a', name: 'y' },
        { endMs: NOW, server: 'a', kind: 'overlapped', name: 'x{calls="2"}' },
      ],
    });
    const found = (filter: Parameters<typeof recent.windows>[1]) =>
      recent.windows(EVER, filter).map(({ server, name }) => `${server} ${name}`);
    expect(found({})).toEqual(['a x', 'b x', 'a y']);
    expect(found({ server: 'a', name: 'x' })).toEqual(['a x']);
    expect(found({ kinds: ['overlapped'] })).toEqual(['a x{calls="2"}']);
    expect(found({ name: 'none' })).toEqual([]);
  });

  it('of a quarter of an hour ago are forgotten, and such that come late are not taken', () => {
    const { recent, observe, clock } = recentAt();
    observe({ windows: [{ endMs: NOW }, { endMs: NOW - KEPT_MS - 1 }] });
    expect(recent.windows(EVER, {})).toHaveLength(1);
    for (let minute = 1; minute <= 17; minute += 1) {
      clock.timeMs += 60_000;
      observe({ windows: [{ endMs: clock.timeMs }] });
    }
    expect(recent.windows(EVER, {})[0]!.endMs).toBeGreaterThan(NOW);
    expect(recent.windows({ fromMs: clock.timeMs - KEPT_MS, toMs: clock.timeMs }, {})).toHaveLength(15);
    expect(recent.keptFromMs()).toBe(clock.timeMs - KEPT_MS);
  });
});

describe('memory', () => {
  it('stays within its bound whatever is sent, and says from when on all is kept', () => {
    const { recent, observe, clock } = recentAt(1);
    const minute = (round: number) =>
      Array.from({ length: 500 }, (_, index) => ({
        endMs: clock.timeMs,
        name: `tool ${round} ${index}`,
        durationsMs: [1],
      }));
    for (let round = 0; round < 60; round += 1) {
      clock.timeMs += 1_000;
      observe({ windows: minute(round) });
    }
    expect(recent.bytes()).toBeLessThan(1.3 * 1_048_576);
    const keptFromMs = recent.keptFromMs();
    expect(keptFromMs).toBeGreaterThan(NOW);
    expect(recent.windows({ fromMs: keptFromMs, toMs: clock.timeMs }, {})).toHaveLength(
      (500 * (clock.timeMs - keptFromMs)) / 1_000,
    );
  });
});

it('gives back all that it was given and still has, oldest first', () => {
  const anyWindow = fc.record({
    agoMs: fc.integer({ min: 0, max: KEPT_MS }),
    server: fc.constantFrom('a', 'b'),
    name: fc.constantFrom('x', 'y'),
    durationsMs: fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(anyWindow, { maxLength: 5 }), { maxLength: 10 }), (batches) => {
      const { recent, observe } = recentAt();
      for (const windows of batches)
        observe({ windows: windows.map(({ agoMs, ...rest }) => ({ endMs: NOW - agoMs, ...rest })) });
      const all = batches.flat();
      const found = recent.windows(EVER, {});
      expect(found.map(({ endMs }) => endMs)).toEqual(all.map(({ agoMs }) => NOW - agoMs).sort((a, b) => a - b));
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
      expect(sum(found.map(({ sumMs }) => sumMs))).toBe(sum(all.flatMap(({ durationsMs }) => durationsMs)));
    }),
    { numRuns: 100 * inject('thoroughness') },
  );
});

describe('resources and instances', () => {
  it('are those of each server of a process, on our clock', () => {
    const { recent, observe } = recentAt();
    const servers = ['a', 'b'].map((name) => ({ name, version: '2' }));
    observe({ servers, skewMs: 7_000, resources: [{ ...sample, atMs: NOW + 7_000, heapUsedMb: 4 }] });
    expect(recent.resources(EVER, 'b')).toEqual([
      { ...sample, atMs: NOW, heapUsedMb: 4, server: 'b', instance: 'instance-1' },
    ]);
    expect(recent.resources(EVER)).toHaveLength(2);
    expect(recent.resources({ fromMs: NOW, toMs: NOW + 1 })).toEqual([]);
    expect(recent.instances('a')).toEqual([
      {
        instance: 'instance-1',
        server: 'a',
        version: '2',
        host: 'host',
        pid: 1,
        runtime: 'node 20.18.1',
        lastSeenMs: NOW,
      },
    ]);
  });

  it('are forgotten when nothing comes any more, the newest told first', () => {
    const { recent, observe, clock } = recentAt();
    const servers = [{ name: 'a', version: '1' }];
    observe({ instance: 'old', servers });
    clock.timeMs += KEPT_MS - 1;
    observe({ instance: 'new', servers });
    expect(recent.instances().map(({ instance }) => instance)).toEqual(['new', 'old']);
    clock.timeMs += 2;
    expect(recent.instances().map(({ instance }) => instance)).toEqual(['new']);
  });
});
