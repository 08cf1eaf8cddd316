/** Several collectors on one database: each forwards what is its own, and together they forward everything once. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MINUTE_MS } from '../model/rollup.ts';
import type { PostgresStore } from '../store/postgres/postgresStore.ts';
import type { WorkShares } from '../store/postgres/workShares.ts';
import { incomingBatch, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { manualClock } from '../testing/filledStore.ts';
import { openForwarding, type Receiver, startReceiver, writeRequestOf } from './forwardFixtures.ts';
import type { Forwarder } from './service.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
const SERVERS = Array.from({ length: 12 }, (_, i) => `server-${i}`);

interface Member {
  store: PostgresStore;
  forwarding: Forwarder;
}

describeWithPostgres('forwarding by several collectors', (server) => {
  const schema = newSchema();
  const clock = manualClock(START_MS);
  let receiver: Receiver;
  let members: Member[];
  let seq = 0;

  beforeEach(async () => {
    receiver = await startReceiver();
    members = [await join(), await join()];
    await settle();
  });
  afterEach(async () => {
    for (const { store, forwarding } of members) {
      await forwarding.close();
      await store.close();
    }
    await receiver.stop();
    await server().query(`DROP SCHEMA ${schema} CASCADE`);
  });

  async function join(): Promise<Member> {
    const store = await openTestStore(server(), schema, { ...clock, every: () => () => {} });
    const config = testConfig('/nowhere', { forward: { remoteWrite: { url: receiver.url } } });
    const parts = { store: store.ofShare, everywhere: store, share: store.share };
    const forwarding = openForwarding({ store, config, clock } as never, parts);
    return { store, forwarding };
  }

  /** Until each shard is somebody's: one gives up, another takes. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 3; round++) for (const { store } of members) await (store.share as WorkShares).beat();
  }

  async function passMinute(): Promise<void> {
    clock.advance(MINUTE_MS + 11_000);
    await settle();
    for (const { store, forwarding } of members) {
      await store.closeMinutes(clock.nowMs());
      await forwarding.tick(clock.nowMs());
    }
    clock.advance(-11_000);
  }

  /** A call of every server, by way of a collector that need not be its own. */
  async function callAll(member: Member, endMs: number): Promise<void> {
    const windows = SERVERS.map((name) => ({ server: name, endMs, durationsMs: [1, 2] }));
    await member.store.append(incomingBatch({ seq: ++seq, receivedAtMs: clock.nowMs(), windows }));
  }

  /** Of each server, the totals that were written, in order of time. */
  function totals(): Map<string, Map<number, Set<number>>> {
    const byServer = new Map<string, Map<number, Set<number>>>();
    for (const { labels, samples } of receiver.taken.flatMap((each) => writeRequestOf(each).timeseries)) {
      const given = Object.fromEntries(labels.map((label) => [label.name, label.value]));
      if (given.__name__ !== 'mcp_tool_request_duration_seconds_count') continue;
      const ofServer = byServer.get(given.server!) ?? new Map<number, Set<number>>();
      byServer.set(given.server!, ofServer);
      for (const { timestamp, value } of samples) {
        ofServer.set(timestamp, (ofServer.get(timestamp) ?? new Set()).add(value));
      }
    }
    return byServer;
  }

  it('go on where the one that has gone had got to, with what came late by way of others', async () => {
    await passMinute();
    const [first, second] = members as [Member, Member];
    expect(SERVERS.filter((name) => first.store.share.owns(name)).length).toBeGreaterThan(0);
    expect(SERVERS.filter((name) => second.store.share.owns(name)).length).toBeGreaterThan(0);
    await callAll(first, clock.nowMs() + 1_000);
    await passMinute();
    const lateMs = clock.nowMs() - MINUTE_MS + 2_000;
    await callAll(second, lateMs);
    await callAll(first, clock.nowMs() + 1_000);
    await passMinute();

    // One leaves while its minute is on its way, and the other takes its servers over.
    receiver.reply = () => ({ status: 503 });
    await callAll(first, clock.nowMs() + 1_000);
    await passMinute();
    members = [second];
    await first.forwarding.close();
    await first.store.close();
    receiver.reply = () => ({ status: 200 });
    clock.advance(10 * MINUTE_MS);
    await passMinute();

    const written = totals();
    expect([...written.keys()].sort()).toEqual([...SERVERS].sort());
    for (const ofServer of written.values()) {
      const values = [...ofServer].sort(([a], [b]) => a - b).map(([, each]) => [...each]);
      // Never two values of one moment, and none is lost: 2 calls a minute, and 2 that were late.
      const counted = values.filter(([value]) => !Number.isNaN(value));
      expect(counted.every((each) => each.length === 1)).toBe(true);
      expect(counted.slice(0, 3).flat()).toEqual([2, 6, 8]);
      expect(counted.at(-1)).toEqual([8]);
    }
  });
});
