/**
 * What every store must do, whatever its engine: one suite, called by each engine's test file. The core is a comparison
 * with `StoreModel` over random histories of batches, repeats, late windows, closes, merges, clean-ups and restarts.
 */
import { partsOf, sketchFromBytes } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Alert, Threshold } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { OVERFLOW_NAME, type SeriesFilter } from '../model/series.ts';
import { snap } from './planner.ts';
import type { LateAddition, RollupQuery, Store, TimeRange } from './store.ts';
import { type BatchSpec, incomingBatch, ManualClock, testConfig } from './storeFixtures.ts';
import { exactQuantile, type ModelRollup, StoreModel } from './storeModel.ts';

/** Where a store keeps what it has: a directory, a schema of a database. */
export interface Place {
  open(config: Config, clock: Clock): Promise<Store>;
  /** Ends the store's process as `kill -9` would. */
  crash(store: Store): Promise<void>;
  remove(): Promise<void>;
}

export interface Engine {
  newPlace(): Promise<Place>;
  /** How far, in ranks as a share of all samples, a quantile may be off; 0 where digests are our own to the end. */
  rankTolerance: number;
  /** Relative error of sums, which a database adds up in any order. */
  sumTolerance: number;
}

/** Noon, so that histories cross both hours and days. */
const START_MS = Date.UTC(2025, 9, 31, 12);
const EVERYTHING: TimeRange = { fromMs: START_MS - 30 * DAY_MS, toMs: START_MS + 60 * DAY_MS };
const RETENTION = { minuteHours: 24, hourDays: 2 };

export function describeStoreContract(name: string, engine: Engine): void {
  describe(`${name} keeps the contract of a store`, () => {
    let place: Place;
    let clock: ManualClock;
    let store: Store;

    const open = () =>
      place.open(
        testConfig('/nowhere', { retention: RETENTION, ingest: { maxSeriesPerServer: 5, maxNameLength: 40 } }),
        clock,
      );
    const append = (spec: Omit<BatchSpec, 'receivedAtMs'>) =>
      store.append(incomingBatch({ receivedAtMs: clock.timeMs, ...spec }));
    const reopen = async () => {
      await store.close();
      store = await open();
    };
    const calls = async (query: Partial<RollupQuery> = {}) => {
      const { rollups } = await store.readRollups({
        ...EVERYTHING,
        filter: {},
        scope: 'all',
        digests: false,
        ...query,
      });
      return rollups.reduce((sum, { outcomes }) => sum + outcomes[0] + outcomes[1], 0);
    };

    beforeEach(async () => {
      place = await engine.newPlace();
      clock = new ManualClock(START_MS);
      store = await open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    it('keeps for those who read each minute once what comes to it later, in the same breath as the rows', async () => {
      const late = async () =>
        (await store.readItems('late'))
          .map(({ value }) => value as LateAddition)
          .map(({ reader, server, minuteMs, rollups }) => ({ reader, server, minuteMs, rollups }));
      const readersOf = (server: string, minuteMs: number) =>
        server === 'read' && minuteMs <= START_MS ? ['x', 'y'] : [];
      await append({ seq: 1, windows: [{ server: 'read', endMs: START_MS + 1_000, durationsMs: [1] }] });
      clock.timeMs += 2 * MINUTE_MS;
      await store.closeMinutes(clock.timeMs);
      store.keepLate(readersOf);
      await append({
        seq: 2,
        windows: [
          { server: 'read', endMs: START_MS + 2_000, durationsMs: [2, 4], failuresMs: [6] },
          { server: 'read', endMs: START_MS + 3_000, durationsMs: [8] },
          { server: 'other', endMs: START_MS + 2_000, durationsMs: [2] },
          { server: 'read', endMs: START_MS + MINUTE_MS + 1_000, durationsMs: [2] },
        ],
      });
      expect(await late()).toEqual([]);
      await place.crash(store);
      store = await open();
      store.keepLate(readersOf);
      await store.closeMinutes(clock.timeMs + MINUTE_MS);
      await store.closeMinutes(clock.timeMs + MINUTE_MS);
      const kept = (await late()).sort((a, b) => (a.reader < b.reader ? -1 : 1));
      expect(kept.map(({ reader, server, minuteMs }) => [reader, server, minuteMs])).toEqual([
        ['x', 'read', START_MS],
        ['y', 'read', START_MS],
      ]);
      const [rollup, ...others] = kept[0]!.rollups;
      expect(others).toEqual([]);
      expect(rollup).toMatchObject({ kind: 'tool', name: 'tool', sumMs: 20, minMs: 2, maxMs: 8 });
      expect(rollup!.outcomes).toEqual([3, 1, 0, 0, 0, 0, 0]);
      const sketch = sketchFromBytes(Buffer.from(rollup!.digest, 'base64'));
      expect([sketch.count, sketch.min, sketch.max]).toEqual([4, 2, 8]);
    });

    it(
      'answers like the model, whatever happened before',
      async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(command, { minLength: 5, maxLength: 40 }),
            fc.array(query, { minLength: 3, maxLength: 8 }),
            async (commands, queries) => {
              const history = await History.begin(engine);
              try {
                for (const step of commands) await history.run(step);
                for (const asked of queries) await history.check(asked);
              } finally {
                await history.end();
              }
            },
          ),
          { numRuns: 60 * inject('thoroughness') },
        );
      },
      120_000 * inject('thoroughness'),
    );

    it('counts a batch once, also when both copies are on their way and after a restart', async () => {
      const spec = { seq: 1, windows: [{ endMs: START_MS, durationsMs: [1, 2] }] };
      expect(await Promise.all([append(spec), append(spec)])).toEqual(['stored', 'duplicate']);
      await reopen();
      expect(await append(spec)).toBe('duplicate');
      expect(await calls()).toBe(2);
    });

    it('keeps a gap open for the batch that fills it', async () => {
      const windows = [{ endMs: START_MS, durationsMs: [1] }];
      expect(await append({ seq: 1, windows })).toBe('stored');
      expect(await append({ seq: 5, windows })).toBe('stored');
      await reopen();
      expect(await append({ seq: 3, windows })).toBe('stored');
      expect(await append({ seq: 3, windows })).toBe('duplicate');
      expect(await append({ seq: 4, windows })).toBe('stored');
      expect(await calls()).toBe(4);
    });

    it('gives a window that ends with the minute to that minute, corrected for skew', async () => {
      await append({ seq: 1, skewMs: 5_000, windows: [{ endMs: START_MS + MINUTE_MS + 5_000, durationsMs: [1] }] });
      const [columns] = await store.readMinutes(EVERYTHING, {});
      expect([...columns!.minuteMs]).toEqual([START_MS]);
    });

    it('reads the minutes of a series as ascending columns, from memory and from rows alike', async () => {
      await append({ seq: 1, windows: [{ endMs: START_MS + 1, durationsMs: [5], failuresMs: [7] }] });
      clock.timeMs += 5 * MINUTE_MS;
      await store.closeMinutes(clock.timeMs);
      await append({
        seq: 2,
        windows: [
          { endMs: START_MS + 2 * MINUTE_MS + 1, durationsMs: [3] },
          { endMs: START_MS - 1, cancelled: 1 },
        ],
      });
      await append({ seq: 3, windows: [{ endMs: START_MS + 1, durationsMs: [20] }] });
      const [columns] = await store.readMinutes(EVERYTHING, {});
      expect([...columns!.minuteMs]).toEqual([START_MS - MINUTE_MS, START_MS, START_MS + 2 * MINUTE_MS]);
      expect([...columns!.calls]).toEqual([0, 3, 1]);
      expect([...columns!.errors]).toEqual([0, 1, 0]);
      expect([...columns!.sumMs]).toEqual([0, 32, 3]);
    });

    it('puts series beyond the limit of a server together', async () => {
      const windows = Array.from({ length: 9 }, (_, i) => ({ name: `tool-${i}`, endMs: START_MS, durationsMs: [1] }));
      await append({ seq: 1, windows });
      const names = (await store.listSeries({})).map((series) => series.name);
      expect(names.sort()).toEqual([OVERFLOW_NAME, 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4']);
      expect(await calls({ scope: 'series', filter: { name: OVERFLOW_NAME } })).toBe(4);
      expect(await calls()).toBe(9);
    });

    it('leaves tools their places, however many series there are that only analyses read', async () => {
      const related = Array.from({ length: 9 }, (_, i) => `tool-0{after="tool-${i}"}`);
      const windows = related.map((name) => ({ kind: 'follows' as const, name, endMs: START_MS, durationsMs: [1] }));
      await append({ seq: 1, windows });
      const tools = Array.from({ length: 5 }, (_, i) => ({ name: `tool-${i}`, endMs: START_MS, durationsMs: [1] }));
      await append({ seq: 2, windows: tools });
      const namesOf = async (filter: SeriesFilter) => (await store.listSeries(filter)).map(({ name }) => name).sort();
      expect(await namesOf({})).toEqual(tools.map(({ name }) => name));
      expect(await namesOf({ kinds: ['follows'] })).toEqual([OVERFLOW_NAME, ...related.slice(0, 5)]);
    });

    it.each([
      '../../etc/passwd',
      'a\0b',
      `"'; DROP TABLE series; --`,
      '🚀'.repeat(30),
      '\ud800lone',
      'x'.repeat(10_000),
      '',
      '__proto__',
    ])('finds a series again by the name it was sent with: %j', async (hostile) => {
      await append({ seq: 1, windows: [{ server: `s${hostile}`, name: hostile, endMs: START_MS, durationsMs: [1] }] });
      await append({
        seq: 2,
        windows: [{ server: `s${hostile}`, name: `${hostile}!`, endMs: START_MS, durationsMs: [1] }],
      });
      await reopen();
      expect(await calls({ scope: 'series', filter: { server: `s${hostile}`, name: hostile } })).toBe(1);
      const listed = await store.listSeries({ server: `s${hostile}` });
      expect(listed).toHaveLength(2);
      for (const series of listed) expect(series.name.length).toBeLessThanOrEqual(40);
    });

    it('adds up the processes of a server and averages over time', async () => {
      const sample = { memoryPercent: 10, diskIoKb: 1, eventLoopDelayMs: 2 };
      const send = (instance: string, seq: number, atMs: number, cpuPercent: number) =>
        append({
          instance,
          seq,
          servers: [{ name: 'server', version: '1' }],
          resources: [{ ...sample, atMs, cpuPercent, memoryMb: 100 }],
        });
      await send('a', 1, START_MS + 1, 20);
      await send('a', 2, START_MS + 2, 40);
      await send('b', 1, START_MS + 3, 10);
      await send('a', 3, START_MS + MINUTE_MS + 1, 10);
      const expected = {
        server: 'server',
        startMs: START_MS,
        samples: 4,
        cpuPercentAvg: 25,
        cpuPercentMax: 50,
        memoryMbAvg: 150,
        memoryMbMax: 200,
        diskIoKb: 4,
      };
      expect(
        await store.readResources({ fromMs: START_MS, toMs: START_MS + HOUR_MS }, undefined, 'range'),
      ).toMatchObject([expected]);
      clock.timeMs += 2 * HOUR_MS;
      await store.closeMinutes(clock.timeMs);
      await store.rollUp(clock.timeMs);
      expect(await store.readResources({ fromMs: START_MS, toMs: START_MS + HOUR_MS }, 'server', 'hour')).toMatchObject(
        [expected],
      );
      expect(
        await store.readResources({ fromMs: START_MS, toMs: START_MS + HOUR_MS }, 'server', 'minute'),
      ).toMatchObject([
        { startMs: START_MS, cpuPercentAvg: 40 },
        { startMs: START_MS + MINUTE_MS, cpuPercentAvg: 10 },
      ]);
      expect(await store.readResources(EVERYTHING, 'unknown', 'range')).toEqual([]);
    });

    it('keeps the newest 20 errors of a series, over a restart too', async () => {
      const errors = Array.from({ length: 15 }, (_, i) => ({
        atMs: START_MS + i,
        errorClass: 'TypeError',
        code: String(i),
      }));
      await append({ seq: 1, windows: [{ endMs: START_MS, failuresMs: [1], errors }] });
      await append({
        seq: 2,
        windows: [
          {
            endMs: START_MS,
            failuresMs: [1],
            errors: errors.map((error) => ({ ...error, atMs: error.atMs + 100, message: 'm' })),
          },
        ],
      });
      await reopen();
      const recent = await store.readRecentErrors({}, 100);
      expect(recent).toHaveLength(20);
      expect(recent[0]).toEqual({
        series: { server: 'server', kind: 'tool', name: 'tool' },
        atMs: START_MS + 114,
        errorClass: 'TypeError',
        code: '14',
        message: 'm',
      });
      expect(recent[19]).toMatchObject({ atMs: START_MS + 10, message: undefined });
      expect(await store.readRecentErrors({ server: 'other' }, 100)).toEqual([]);
      expect(await store.readRecentErrors({}, 3)).toHaveLength(3);
    });

    it('forgets calls in flight of an instance that has gone silent', async () => {
      const inFlight = [{ server: 0, kind: 'tool' as const, name: 'slow', count: 2, oldestAgeMs: 1_000 }];
      await append({ seq: 2, servers: [{ name: 'server', version: '2.0.0' }], inFlight, dropped: { queue_full: 3 } });
      await append({ seq: 1, servers: [{ name: 'server', version: '2.0.0' }], dropped: { queue_full: 1 } });
      clock.timeMs += 30_000;
      expect(await store.readInFlight({})).toEqual([
        { series: { server: 'server', kind: 'tool', name: 'slow' }, count: 2, oldestAgeMs: 31_000 },
      ]);
      expect(await store.listServers()).toEqual([
        {
          name: 'server',
          version: '2.0.0',
          firstSeenMs: START_MS,
          lastSeenMs: START_MS,
          liveInstances: 1,
          hosts: ['host'],
          dropped: { queue_full: 4 },
        },
      ]);
      clock.timeMs += 2 * MINUTE_MS;
      expect(await store.readInFlight({})).toEqual([]);
      expect((await store.listServers())[0]!.liveInstances).toBe(0);
    });

    it('writes what was filled while the clock was ahead, and goes on when it is set back', async () => {
      clock.timeMs += DAY_MS;
      await append({ seq: 1, windows: [{ endMs: clock.timeMs, durationsMs: [1] }] });
      clock.timeMs -= DAY_MS;
      await append({ seq: 2, windows: [{ endMs: clock.timeMs + 1, durationsMs: [1] }] });
      await store.closeMinutes(clock.timeMs);
      expect((await store.stats()).openMinutes).toBe(1);
      clock.timeMs += 2 * DAY_MS;
      await store.closeMinutes(clock.timeMs);
      await store.rollUp(clock.timeMs);
      expect(await store.stats()).toMatchObject({ openMinutes: 0, journalEntries: 0 });
      expect(await calls()).toBe(2);
    });

    it('keeps what the detector has learnt, and small things of other stages', async () => {
      const state = { server: 'server', tool: 'tool', snapshot: Uint8Array.of(1, 2, 3) };
      await store.saveWatchStates([state, { ...state, tool: '' }, { ...state, tool: 'other' }]);
      await store.saveWatchStates([{ ...state, snapshot: Uint8Array.of(4) }]);
      await store.deleteWatchStates([{ server: 'server', tool: 'other' }]);
      const first = { key: 'a', value: { text: 'x', list: [1, null] } };
      const second = { key: 'b', value: 'y' };
      await store.saveItems('silence', [second, first, { key: 'c', value: 1 }]);
      await store.saveItems('notification', [{ key: 'a', value: 'another kind' }]);
      await store.deleteItems('silence', ['c', 'unknown']);
      await reopen();
      const states = await store.readWatchStates();
      expect(states.map(({ tool, snapshot }) => [tool, ...snapshot])).toEqual([
        ['', 1, 2, 3],
        ['tool', 4],
      ]);
      expect(await store.readItems('silence')).toEqual([first, second]);
      expect(await store.readItems('notification')).toHaveLength(1);
    });

    it('saves what comes with a batch together with it, or not at all', async () => {
      const incoming = (seq: number, value: number) => ({
        ...incomingBatch({ seq, receivedAtMs: clock.timeMs, windows: [{ endMs: START_MS, durationsMs: [1] }] }),
        items: { kind: 'otlp_source' as const, items: [{ key: 'a', value, server: 'server' }] },
      });
      await store.saveItems('otlp_source', [{ key: 'b', value: 0 }]);
      expect(await store.append(incoming(1, 1))).toBe('stored');
      expect(await store.append(incoming(2, 2))).toBe('stored');
      expect(await store.append(incoming(1, 3))).toBe('duplicate');
      await place.crash(store);
      store = await open();
      expect(await store.readItems('otlp_source', ['a', 'none'])).toEqual([{ key: 'a', value: 2 }]);
      expect(await store.readItems('otlp_source')).toHaveLength(2);
      expect(await calls()).toBe(2);
    });

    it('keeps anomalies, thresholds and alerts', async () => {
      await store.saveAnomalies([anomaly, { ...anomaly, tool: 'other' }, { ...anomaly, deviation: '12x expected' }]);
      await store.saveThreshold(threshold);
      await store.saveThreshold({ ...threshold, threshold: 7 });
      await store.saveAlert(alert);
      await store.saveAlert({
        ...alert,
        alertId: 'alert-20251031-002',
        server: 'b',
        createdAtMs: START_MS + 1,
        status: 'resolved',
        resolvedAtMs: START_MS + 2,
      });
      await reopen();
      expect(await store.readAnomalies(EVERYTHING, { tool: 'tool' })).toEqual([
        { ...anomaly, deviation: '12x expected' },
      ]);
      expect(await store.readAnomalies({ fromMs: 0, toMs: START_MS }, {})).toEqual([]);
      expect(await store.listThresholds()).toEqual([{ ...threshold, threshold: 7 }]);
      await store.deleteThreshold('no such');
      await store.deleteThreshold(threshold.thresholdId);
      await reopen();
      expect(await store.listThresholds()).toEqual([]);
      expect(await store.getAlert(alert.alertId)).toEqual(alert);
      expect(await store.getAlert('alert-20251031-999')).toBeUndefined();
      expect((await store.readAlerts({})).map(({ alertId }) => alertId)).toEqual([
        'alert-20251031-002',
        'alert-20251031-001',
      ]);
      expect(
        await store.readAlerts({ statuses: ['active', 'escalated'], severity: 'warning', server: 'server' }),
      ).toEqual([alert]);
      expect(await store.readAlerts({ createdWithin: { fromMs: START_MS + 1, toMs: START_MS + 2 } })).toHaveLength(1);
      expect(await store.readAlerts({ severity: 'critical' })).toEqual([]);
    });

    it('refuses to undo what somebody else has done to an alert', async () => {
      await store.saveAlert(alert);
      await store.saveAlert({ ...alert, status: 'acknowledged', revision: 2 });
      const item = { key: 'too-late', value: 1 };
      await expect(store.saveAlert({ ...alert, status: 'escalated', revision: 2 }, [item])).rejects.toMatchObject({
        code: 'conflict',
      });
      expect((await store.getAlert(alert.alertId))!.status).toBe('acknowledged');
      expect(await store.readItems('notification')).toEqual([]);
    });

    it('never gives an alert number twice', async () => {
      expect(await store.nextNumber('20251031')).toBe(1);
      await reopen();
      expect(await store.nextNumber('20251031')).toBe(2);
      expect(await store.nextNumber('20251101')).toBe(1);
    });

    it('deletes what is past its retention, and nothing else', async () => {
      await append({ seq: 1, windows: [{ endMs: START_MS, durationsMs: [1] }] });
      await store.saveAnomalies([anomaly]);
      await store.saveAlert(alert);
      await store.saveAlert({ ...alert, alertId: 'alert-20251031-002', status: 'resolved', resolvedAtMs: START_MS });
      clock.timeMs += 100 * DAY_MS;
      await store.closeMinutes(clock.timeMs);
      await store.rollUp(clock.timeMs);
      const { deletedRows } = await store.applyRetention(clock.timeMs);
      expect(deletedRows).toMatchObject({ rollup_minute: 3, anomaly: 1, alert: 1, instance: 1 });
      expect(await store.readAnomalies(EVERYTHING, {})).toEqual([]);
      expect((await store.readAlerts({})).map(({ alertId }) => alertId)).toEqual([alert.alertId]);
      const { rollups, usedRange } = await store.readRollups({
        fromMs: START_MS,
        toMs: START_MS + 1,
        filter: {},
        scope: 'all',
        digests: true,
      });
      expect(usedRange).toEqual({ fromMs: START_MS - HOUR_MS * 12, toMs: START_MS + HOUR_MS * 12 });
      expect(rollups[0]).toMatchObject({ sumMs: 1 });
      clock.timeMs += 366 * DAY_MS;
      expect((await store.applyRetention(clock.timeMs)).deletedRows).toMatchObject({
        rollup_day: 3,
        series: 1,
      });
      expect(await store.listSeries({})).toEqual([]);
    });

    it('groups by day where only days are left', async () => {
      await append({
        seq: 1,
        windows: [
          { endMs: START_MS, durationsMs: [1] },
          { endMs: START_MS - HOUR_MS, durationsMs: [1] },
        ],
      });
      clock.timeMs += 5 * DAY_MS;
      await store.closeMinutes(clock.timeMs);
      await store.rollUp(clock.timeMs);
      await store.applyRetention(clock.timeMs);
      const { rollups } = await store.readRollups({
        ...EVERYTHING,
        filter: {},
        scope: 'all',
        groupBy: 'hour',
        digests: false,
      });
      expect(rollups).toMatchObject([{ startMs: START_MS - 12 * HOUR_MS, sumMs: 2 }]);
    });

    it('keeps histograms beside digests, through every level, a restart and a move elsewhere', async () => {
      const windows = [
        { name: 'both', endMs: START_MS, durationsMs: [1, 2, 3], countedMs: [20, 30, 40, 300] },
        { name: 'buckets', endMs: START_MS, countedMs: [60, 70] },
        { name: 'digest', endMs: START_MS, durationsMs: [5] },
      ];
      for (const seq of [1, 2, 3]) {
        await append({ seq, windows: windows.map((window) => ({ ...window, endMs: START_MS + seq * MINUTE_MS })) });
      }
      const sketches = async (from: Store, scope: RollupQuery['scope']) => {
        const { rollups } = await from.readRollups({ ...EVERYTHING, filter: {}, scope, digests: true });
        return rollups.map(({ series, digest }) => {
          const { digest: exact, histogram } = partsOf(digest!);
          return [series.name, exact?.count ?? 0, histogram?.sets.map(({ count }) => count) ?? []];
        });
      };
      const expected = [
        ['both', 9, [12]],
        ['buckets', 0, [6]],
        ['digest', 3, []],
      ];
      expect(await sketches(store, 'series')).toEqual(expected);
      expect(await sketches(store, 'server')).toEqual([['', 12, [18]]]);
      await reopen();
      clock.timeMs += 2 * DAY_MS;
      await store.closeMinutes(clock.timeMs);
      await store.rollUp(clock.timeMs);
      expect(await sketches(store, 'series')).toEqual(expected);
      expect(await sketches(store, 'all')).toEqual([['', 12, [18]]]);

      const elsewhere = await engine.newPlace();
      const other = await elsewhere.open(testConfig('/nowhere'), clock);
      for (const level of ['day', 'hour', 'minute'] as const) {
        for await (const rows of store.scanRollups(level, EVERYTHING)) await other.importRollups(level, rows);
      }
      await other.finishImport();
      await other.rollUp(clock.timeMs);
      expect(await sketches(other, 'series')).toEqual(expected);
      expect(await sketches(other, 'server')).toEqual([['', 12, [18]]]);
      const [both] = (await other.readRollups({ ...EVERYTHING, filter: {}, scope: 'series', digests: true })).rollups;
      expect(both).toMatchObject({ minMs: 1, maxMs: 300, sumMs: 3 * 396 });
      // 21 samples, the 17th is the last but one of those from 10 to 50 ms.
      expect(both!.digest!.quantile(0.8)).toBeGreaterThan(10);
      expect(both!.digest!.quantile(0.8)).toBeLessThanOrEqual(50);
      await other.close();
      await elsewhere.remove();
    });

    it('answers an empty store with nothing, also for a year', async () => {
      const asked = { fromMs: START_MS - 365 * DAY_MS, toMs: START_MS, filter: {}, digests: true } as const;
      for (const scope of ['series', 'server', 'all'] as const) {
        expect((await store.readRollups({ ...asked, scope, groupBy: 'hour' })).rollups).toEqual([]);
      }
      expect(await store.readMinutes(asked, {})).toEqual([]);
      expect(await store.readResources(asked, undefined, 'hour')).toEqual([]);
      expect(await store.listServers()).toEqual([]);
      expect(await store.stats()).toMatchObject({ conditions: [], seriesCount: 0, journalEntries: 0 });
    });
  });
}

type Command =
  | {
      do: 'append';
      instance: string;
      seq: number;
      windows: {
        server: string;
        kind: 'tool' | 'prompt';
        name: string;
        agoMs: number;
        durationsMs: number[];
        failuresMs: number[];
        cancelled: number;
        countedMs: number[];
      }[];
    }
  | { do: 'advance'; byMs: number }
  | { do: 'close' | 'rollUp' | 'retain' | 'reopen' | 'crash' };

const durations = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 4 });
const windowArbitrary = fc.record({
  server: fc.constantFrom('a', 'b'),
  kind: fc.constantFrom('tool', 'tool', 'tool', 'prompt'),
  name: fc.constantFrom('x', 'y', 'z'),
  agoMs: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 3 * MINUTE_MS }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * HOUR_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 * DAY_MS }) },
  ),
  durationsMs: durations,
  failuresMs: durations,
  cancelled: fc.integer({ min: 0, max: 1 }),
  countedMs: fc.oneof({ weight: 4, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: durations }),
});
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      instance: fc.constantFrom('i1', 'i2'),
      seq: fc.integer({ min: 1, max: 30 }),
      windows: fc.array(windowArbitrary, { maxLength: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      byMs: fc.oneof(
        fc.integer({ min: 1, max: 2 * MINUTE_MS }),
        fc.integer({ min: MINUTE_MS, max: 3 * HOUR_MS }),
        fc.integer({ min: HOUR_MS, max: 2 * DAY_MS }),
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Command>(
      { do: 'close' },
      { do: 'rollUp' },
      { do: 'retain' },
      { do: 'reopen' },
      { do: 'crash' },
    ),
  },
);

/** Relative to the moment of asking. */
const query = fc.record({
  scope: fc.constantFrom('series', 'server', 'all'),
  groupBy: fc.constantFrom(undefined, 'minute', 'hour', 'day'),
  agoMs: fc.oneof(fc.integer({ min: 1, max: 3 * HOUR_MS }), fc.integer({ min: 1, max: 8 * DAY_MS })),
  spanMs: fc.oneof(fc.integer({ min: 1, max: 3 * HOUR_MS }), fc.integer({ min: 1, max: 9 * DAY_MS })),
  server: fc.constantFrom(undefined, 'a'),
  name: fc.constantFrom(undefined, 'x'),
  kinds: fc.constantFrom(undefined, ['tool', 'prompt'] as const),
});
type Asked = typeof query extends fc.Arbitrary<infer T> ? T : never;

/** A store and a model that live through the same things. */
class History {
  readonly #model = new StoreModel();
  readonly #clock = new ManualClock(START_MS);
  #store!: Store;

  private constructor(
    private readonly engine: Engine,
    private readonly place: Place,
  ) {}

  static async begin(engine: Engine): Promise<History> {
    const history = new History(engine, await engine.newPlace());
    history.#store = await history.#open();
    return history;
  }

  async run(step: Command): Promise<void> {
    const nowMs = this.#clock.timeMs;
    switch (step.do) {
      case 'append': {
        const windows = step.windows.map(({ agoMs, ...window }) => ({ ...window, endMs: nowMs - agoMs }));
        const spec = { instance: step.instance, seq: step.seq, receivedAtMs: nowMs, windows };
        expect(await this.#store.append(incomingBatch(spec))).toBe(this.#model.append(spec));
        return;
      }
      case 'advance':
        this.#clock.timeMs += step.byMs;
        return;
      case 'close':
        return this.#store.closeMinutes(nowMs);
      case 'rollUp':
        return this.#store.rollUp(nowMs);
      case 'retain':
        await this.#store.applyRetention(nowMs);
        return;
      case 'reopen':
        await this.#store.close();
        this.#store = await this.#open();
        return;
      case 'crash':
        await this.place.crash(this.#store);
        this.#store = await this.#open();
        return;
    }
  }

  async check({ scope, groupBy, agoMs, spanMs, server, name, kinds }: Asked): Promise<void> {
    const fromMs = this.#clock.timeMs - agoMs;
    // Where only coarser rows are left there is nothing finer to group by; that is tested by itself.
    const { usedRange: kept } = await this.#store.readRollups({
      fromMs,
      toMs: fromMs + spanMs,
      scope: 'all',
      filter: {},
      digests: false,
    });
    if (groupBy === 'hour' && kept.fromMs % DAY_MS === 0) return;
    if (groupBy === 'minute' && kept.fromMs % HOUR_MS === 0) return;
    const filter = scope === 'series' ? { server, name, kinds } : { server: scope === 'server' ? server : undefined };
    const asked: RollupQuery = { fromMs, toMs: fromMs + spanMs, scope, groupBy, filter, digests: true };
    const { rollups, usedRange } = await this.#store.readRollups(asked);
    const minuteWide = snap(asked, { keptFrom: { minute: 0, hour: 0, day: 0 } });
    expect(usedRange.fromMs).toBeLessThanOrEqual(minuteWide.fromMs);
    expect(usedRange.toMs).toBeGreaterThanOrEqual(minuteWide.toMs);
    const expected = this.#model.rollups(asked, usedRange);
    expect(rollups.map(({ series, startMs, outcomes }) => ({ series, startMs, outcomes }))).toEqual(
      expected.map(({ series, startMs, outcomes }) => ({ series, startMs, outcomes })),
    );
    for (const [i, { sumMs, minMs, maxMs, digest }] of rollups.entries()) {
      const sums = expected[i]!;
      expect({ minMs, maxMs }).toEqual({ minMs: sums.minMs, maxMs: sums.maxMs });
      expect(Math.abs(sumMs - sums.sumMs)).toBeLessThanOrEqual(this.engine.sumTolerance * sums.sumMs);
      for (const q of [0.5, 0.95, 0.99]) this.#checkQuantile(digest!.quantile(q), sums, q);
    }
  }

  #checkQuantile(value: number, { durationsMs, leastMs, mostMs }: ModelRollup, q: number): void {
    if (durationsMs.length === 0) {
      expect(value).toBeNaN();
      return;
    }
    const { rankTolerance } = this.engine;
    // One rank is what a single sample makes up.
    const ranks = rankTolerance === 0 ? 0 : Math.max(rankTolerance, 1 / durationsMs.length);
    expect(value).toBeGreaterThanOrEqual(exactQuantile(leastMs, Math.max(0, q - ranks)));
    expect(value).toBeLessThanOrEqual(exactQuantile(mostMs, Math.min(1, q + ranks)));
  }

  async end(): Promise<void> {
    await this.#store.close();
    await this.place.remove();
  }

  #open(): Promise<Store> {
    return this.place.open(testConfig('/nowhere', { retention: RETENTION }), this.#clock);
  }
}

const anomaly: Anomaly = {
  atMs: START_MS,
  server: 'server',
  tool: 'tool',
  type: 'response_time_spike',
  severity: 'warning',
  currentValue: 5000,
  expectedRange: '100-500',
  expectedMax: 500,
  deviation: '10x expected',
  confidence: 0.95,
  method: 'z-score',
  recommendations: ['Look at it'],
};

const threshold: Threshold = {
  thresholdId: 't1',
  server: '',
  tool: '',
  metric: 'cpu',
  threshold: 70,
  severity: 'warning',
  enabled: true,
};

const alert: Alert = {
  alertId: 'alert-20251031-001',
  fingerprint: 'server/tool/cpu',
  createdAtMs: START_MS,
  server: 'server',
  tool: 'tool',
  severity: 'warning',
  condition: 'cpu > 70%',
  currentValue: 80,
  threshold: 70,
  status: 'active',
  acknowledgedBy: null,
  acknowledgedAtMs: null,
  notes: null,
  escalatedAtMs: null,
  clearedAtMs: null,
  resolvedAtMs: null,
  lastBreachAtMs: START_MS,
  repeats: 0,
  activeFromMs: 1,
  anomalyId: null,
  deploy: null,
  isTold: true,
  evidence: ['It is.'],
  feedback: null,
  revision: 1,
};
