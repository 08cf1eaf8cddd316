/** Several stores on one database: each stands for a collector. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { VitalsError } from '../../errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../../testing/describeWithPostgres.ts';
import { testAlert } from '../../testing/filledStore.ts';
import { incomingBatch, ManualClock } from '../storeFixtures.ts';
import type { PostgresStore } from './postgresStore.ts';
import { shardOf } from './schema.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
const EVERYTHING = { fromMs: START_MS - DAY_MS, toMs: START_MS + 2 * DAY_MS };

describeWithPostgres('several collectors', (server) => {
  let schema: string;
  let clock: ManualClock;
  let stores: PostgresStore[];

  beforeEach(async () => {
    schema = newSchema();
    clock = new ManualClock(START_MS);
    stores = [];
    for (let i = 0; i < 3; i++) stores.push(await openTestStore(server(), schema, clock));
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await server().query(`DROP SCHEMA ${schema} CASCADE`);
  });

  const calls = async (store: PostgresStore) => {
    const { rollups } = await store.readRollups({ ...EVERYTHING, filter: {}, scope: 'all', digests: false });
    return rollups.reduce((sum, { outcomes }) => sum + outcomes[0], 0);
  };

  const batches = fc.array(
    fc.record({
      instance: fc.constantFrom('a', 'b', 'c', 'd'),
      seq: fc.integer({ min: 1, max: 8 }),
      store: fc.integer({ min: 0, max: 2 }),
      calls: fc.integer({ min: 0, max: 3 }),
      server: fc.constantFrom('x', 'y', 'z'),
    }),
    { minLength: 5, maxLength: 40 },
  );

  it('count each batch once, whichever of them it goes to, and answer alike', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(batches, async (sent) => {
        run += 1;
        const before = await calls(stores[0]!);
        const results = await Promise.all(
          sent.map(({ store, instance, seq, server: name, calls: count }) =>
            stores[store]!.append(
              incomingBatch({
                instance: `${instance} of run ${run}`,
                seq,
                receivedAtMs: clock.timeMs,
                windows: [{ server: name, endMs: clock.timeMs, durationsMs: new Array<number>(count).fill(5) }],
              }),
            ),
          ),
        );
        const stored = sent.filter((_, i) => results[i] === 'stored');
        expect(new Set(stored.map(({ instance, seq }) => `${instance} ${seq}`)).size).toBe(stored.length);
        expect(stored.length).toBe(new Set(sent.map(({ instance, seq }) => `${instance} ${seq}`)).size);
        const counted = stored.reduce((sum, each) => sum + each.calls, 0);
        for (const store of stores) expect((await calls(store)) - before).toBe(counted);
      }),
      { numRuns: 15 * inject('thoroughness') },
    );
  });

  it('move minutes and merge hours side by side with batches that come, and lose nothing', async () => {
    const servers = Array.from({ length: 20 }, (_, i) => `server-${i}`);
    let sent = 0;
    const send = async (seq: number) => {
      await Promise.all(
        servers.map((name, i) =>
          stores[i % 3]!.append(
            incomingBatch({
              instance: name,
              seq,
              receivedAtMs: clock.timeMs,
              windows: [
                { server: name, endMs: clock.timeMs, durationsMs: [1, 2] },
                { server: name, endMs: clock.timeMs - 90 * MINUTE_MS, durationsMs: [3] },
              ],
            }),
          ),
        ),
      );
      sent += 3 * servers.length;
    };
    for (let seq = 1; seq <= 8; seq++) {
      clock.timeMs += 17 * MINUTE_MS;
      await Promise.all([
        send(seq),
        ...stores.map(async (store) => {
          await store.closeMinutes(clock.timeMs);
          await store.rollUp(clock.timeMs);
        }),
      ]);
      for (const store of stores) expect(await calls(store)).toBe(sent);
    }
    clock.timeMs += 3 * HOUR_MS;
    for (const store of stores) await store.closeMinutes(clock.timeMs);
    for (const store of stores) await store.rollUp(clock.timeMs);
    expect(await stores[0]!.stats()).toMatchObject({ openMinutes: 0, seriesCount: servers.length });
    const ofServers = await stores[1]!.readRollups({ ...EVERYTHING, filter: {}, scope: 'server', digests: true });
    expect(ofServers.rollups).toHaveLength(servers.length);
    for (const { outcomes } of ofServers.rollups) expect(outcomes[0]).toBe(24);
  });

  it('see in their share what is theirs, and nothing of the others', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `server-${i}`);
    await stores[0]!.append(
      incomingBatch({
        seq: 1,
        receivedAtMs: clock.timeMs,
        windows: names.map((name) => ({ server: name, endMs: clock.timeMs, durationsMs: [1] })),
      }),
    );
    const seen: string[] = [];
    for (const { ofShare, share } of stores) {
      const servers = (await ofShare.listServers()).map(({ name }) => name);
      expect(servers.every((name) => share.owns(name))).toBe(true);
      const series = await ofShare.readRollups({ ...EVERYTHING, filter: {}, scope: 'series', digests: false });
      expect(series.rollups.map((rollup) => rollup.series.server).sort()).toEqual([...servers].sort());
      expect((await ofShare.listSeries({})).length).toBe(servers.length);
      seen.push(...servers);
    }
    expect(seen.sort()).toEqual([...names].sort());
  });

  it('let one raise an alert and all change it, but none undo what another did', async () => {
    const [first, second] = stores as [PostgresStore, PostgresStore, PostgresStore];
    const alert = testAlert({ server: 'server', status: 'active', revision: 1 });
    const owner = stores.find(({ share }) => share.owns('server'))!;
    const stranger = stores.find(({ share }) => !share.owns('server'))!;
    await expect(stranger.ofShare.saveAlert(alert)).rejects.toMatchObject({ code: 'conflict' });
    await owner.ofShare.saveAlert(alert, [{ key: 'n1', value: 1, server: 'server' }]);
    await expect(
      owner.ofShare.saveAlert({ ...alert, alertId: 'alert-20251031-002' }, [{ key: 'n2', value: 2 }]),
    ).rejects.toMatchObject({ code: 'conflict' });
    await stranger.saveAlert({ ...alert, status: 'acknowledged', revision: 2 });
    await expect(owner.ofShare.saveAlert({ ...alert, status: 'escalated', revision: 2 })).rejects.toBeInstanceOf(
      VitalsError,
    );
    expect((await first.getAlert(alert.alertId))!.status).toBe('acknowledged');
    expect((await second.readItems('notification')).map(({ key }) => key)).toEqual(['n1']);
  });

  it('hand the notifications of one that has gone to one of the others', async () => {
    const [gone, other, third] = stores as [PostgresStore, PostgresStore, PostgresStore];
    await gone.ofShare.saveItems('notification', [{ key: 'n1', value: 1 }]);
    expect(await other.ofShare.readItems('notification')).toEqual([]);
    await gone.close();
    expect((await other.ofShare.readItems('notification')).map(({ key }) => key)).toEqual(['n1']);
    expect(await third.ofShare.readItems('notification')).toEqual([]);
    expect(await other.ofShare.readItems('notification')).toHaveLength(1);
  });

  it('name the part of the work that a server belongs to alike, today and later', () => {
    expect(['', 'files', 'server-1', 'ünïcode'].map(shardOf)).toEqual([5, 16, 20, 11]);
  });
});
