import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';
import { incomingBatch, ManualClock, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { testAlert, testResources } from '../testing/filledStore.ts';
import { copyStore } from './copyStore.ts';

const START_MS = Date.UTC(2025, 9, 20, 12);
const DAYS = 4;

describeWithPostgres('a copy from SQLite to PostgreSQL', (server) => {
  let dataDir: string;
  let clock: ManualClock;
  let from: Store;
  let to: Store;
  let range: { fromMs: number; toMs: number };

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-copy-'));
    clock = new ManualClock(START_MS);
    from = await openSqliteStore({ dataDir, clock, config: testConfig(dataDir), ballastBytes: 0 });
    await fill();
    to = await openTestStore(server(), newSchema(), clock);
    range = { fromMs: START_MS - DAY_MS, toMs: clock.timeMs + DAY_MS };
  });
  afterEach(async () => {
    await from.close();
    await to.close();
    rmSync(dataDir, { recursive: true });
  });

  /** Days of calls, of which only the last has minutes left. */
  async function fill(): Promise<void> {
    let seq = 0;
    for (let hour = 0; hour < 24 * DAYS; hour += 2) {
      seq += 1;
      const windows = ['read', 'write', 'pay'].flatMap((name, i) =>
        ['shop', 'files'].map((serverName) => ({
          server: serverName,
          name,
          endMs: clock.timeMs,
          durationsMs: Array.from({ length: 40 }, (_, k) => 10 * (i + 1) + ((k * 37 + hour) % 90)),
          failuresMs: [1],
        })),
      );
      const batch = incomingBatch({
        seq,
        receivedAtMs: clock.timeMs,
        windows,
        resources: [testResources(clock.timeMs)],
        dropped: { queue_full: 1 },
      });
      await from.append(batch);
      clock.timeMs += 2 * HOUR_MS;
      await from.closeMinutes(clock.timeMs);
    }
    await from.rollUp(clock.timeMs);
    await from.applyRetention(clock.timeMs);
    await from.saveAlert(testAlert({ alertId: 'alert-20251024-007', createdAtMs: clock.timeMs, revision: 3 }));
    await from.saveWatchStates([{ server: 'shop', tool: 'read', snapshot: Uint8Array.of(1, 2) }]);
    await from.saveItems('silence', [{ key: 's', value: 'x' }]);
  }

  it('has everything, and counts no batch again', async () => {
    const result = await copyStore({ from, to, source: 'a', range });
    expect(result).toMatchObject({ differences: [], compared: 2 * (DAYS + 1) });
    expect(result.rows).toBeGreaterThan(100);
    for (const scope of ['series', 'server', 'all'] as const) {
      const query = {
        fromMs: START_MS,
        toMs: clock.timeMs,
        filter: {},
        scope,
        groupBy: 'day',
        digests: false,
      } as const;
      const [ours, theirs] = [await from.readRollups(query), await to.readRollups(query)];
      expect(theirs.rollups.map(({ outcomes }) => outcomes)).toEqual(ours.rollups.map(({ outcomes }) => outcomes));
    }
    expect(await to.listServers()).toEqual(await from.listServers());
    expect(await to.readAlerts({})).toEqual(await from.readAlerts({}));
    expect(await to.nextNumber('20251024')).toBe(8);
    expect(await to.readItems('silence')).toEqual([{ key: 's', value: 'x' }]);
    expect((await to.readWatchStates()).map(({ snapshot }) => [...snapshot])).toEqual([[1, 2]]);
    const again = incomingBatch({
      seq: 5,
      receivedAtMs: clock.timeMs,
      windows: [{ endMs: clock.timeMs, durationsMs: [1] }],
    });
    expect(await to.append(again)).toBe('duplicate');
  });

  it('goes on where it was interrupted, and adds nothing when it is made again', async () => {
    let slices = 0;
    const interrupted = copyStore({
      from,
      to,
      source: 'a',
      range,
      onProgress: ({ done, total }) => {
        slices = total;
        if (done === Math.floor(total * 0.6)) throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const dones: number[] = [];
    const result = await copyStore({ from, to, source: 'a', range, onProgress: ({ done }) => void dones.push(done) });
    expect(dones[0]).toBe(Math.floor(slices * 0.6));
    expect(result.differences).toEqual([]);
    expect(await copyStore({ from, to, source: 'under another name', range })).toMatchObject({
      rows: 0,
      differences: [],
    });
  });

  it('goes on growing where it is, and merges what it got with what comes', async () => {
    await copyStore({ from, to, source: 'a', range });
    await to.append(
      incomingBatch({
        seq: 1_000,
        receivedAtMs: clock.timeMs,
        windows: [
          { server: 'shop', name: 'read', endMs: clock.timeMs, durationsMs: [5] },
          { server: 'shop', name: 'read', endMs: clock.timeMs - 3 * HOUR_MS, durationsMs: [5] },
        ],
      }),
    );
    clock.timeMs += 2 * DAY_MS;
    await to.closeMinutes(clock.timeMs);
    await to.rollUp(clock.timeMs);
    const expected = 24 * DAYS * 0.5 * 41 + 2;
    for (const [scope, filter] of [
      ['series', { server: 'shop', name: 'read' }],
      ['server', { server: 'shop' }],
    ] as const) {
      const query = { fromMs: START_MS - HOUR_MS, toMs: clock.timeMs, filter, scope, digests: true } as const;
      const { rollups } = await to.readRollups(query);
      const calls = rollups.reduce((sum, { outcomes }) => sum + outcomes[0] + outcomes[1], 0);
      expect(calls).toBe(scope === 'series' ? expected : expected + 24 * DAYS * 0.5 * 41 * 2);
    }
  });

  it('says what is not the same', async () => {
    await copyStore({ from, to, source: 'a', range });
    await to.append(
      incomingBatch({
        instance: 'somebody else',
        seq: 1,
        receivedAtMs: clock.timeMs,
        windows: [{ server: 'shop', name: 'read', endMs: clock.timeMs - 5 * MINUTE_MS, durationsMs: [5] }],
      }),
    );
    const { differences } = await copyStore({ from, to, source: 'a', range });
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatch(/^"shop" on 2025-10-24: counted \d+, \d+/);
  });
});
