import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { describeWithPostgres, newSchema } from '../../testing/describeWithPostgres.ts';
import { Database } from './database.ts';
import { TDIGEST_COLUMN } from './digestColumn.ts';
import { migrate, SHARDS } from './schema.ts';
import { noteChange, WorkShares } from './workShares.ts';

describeWithPostgres('the shares of several collectors', (server) => {
  let database: Database;
  let members: WorkShares[];
  const all = Array.from({ length: SHARDS }, (_, shard) => shard);
  const ascending = (a: number, b: number) => a - b;
  const join = async () => {
    const member = new WorkShares(database, { ...systemClock, every: () => () => {} });
    await member.join();
    members.push(member);
    return member;
  };
  /** Each says that it lives and looks who else does, as often as it takes. */
  const settle = async () => {
    for (let round = 0; round < 3; round++) for (const member of members) await member.beat();
  };
  /** So much time passes for a collector that says nothing. */
  const silence = (member: WorkShares, seconds: number) =>
    database.run(`UPDATE collector SET seen_at = seen_at - interval '${seconds} seconds' WHERE id = $1`, [member.id]);

  beforeEach(async () => {
    database = new Database(server().url, newSchema());
    await migrate(database, TDIGEST_COLUMN);
    members = [];
  });
  afterEach(() => database.close());

  it('make up the whole, and none belongs to two, whoever comes and goes', async () => {
    const first = await join();
    expect([...first.mine].sort(ascending)).toEqual(all);
    await join();
    const third = await join();
    await settle();
    expect(members.flatMap(({ mine }) => [...mine]).sort(ascending)).toEqual(all);
    for (const { mine } of members) expect(mine.size).toBeGreaterThan(0);
    await third.leave();
    members.pop();
    await settle();
    expect(members.flatMap(({ mine }) => [...mine]).sort(ascending)).toEqual(all);
  });

  it('of one that is heard of no more go to the others, and it may write nothing in their name', async () => {
    const [dead, other] = [await join(), await join()];
    await settle();
    const held = [...dead.mine];
    expect(await database.transaction('work', (session) => dead.hold(session, held))).toHaveLength(held.length);
    await silence(dead, 8);
    await other.beat();
    expect([...other.mine]).not.toEqual(expect.arrayContaining(held));
    await silence(dead, 3);
    await other.beat();
    expect([...other.mine].sort(ascending)).toEqual(all);
    expect(await database.transaction('work', (session) => dead.hold(session, held))).toEqual([]);
    const told: string[] = [];
    dead.onChange((changed) => told.push(...changed));
    await dead.beat();
    expect(told).toContain('rejoined');
    await settle();
    expect([...dead.mine, ...other.mine].sort(ascending)).toEqual(all);
  });

  it('are not given away in the middle of a transaction that holds them', async () => {
    const first = await join();
    const second = await database.transaction('work', async (session) => {
      await first.hold(session, all);
      const joined = await join();
      await first.beat();
      await joined.beat();
      expect(joined.mine.size).toBe(0);
      return joined;
    });
    await settle();
    expect(second.mine.size).toBeGreaterThan(0);
  });

  it('tell of what somebody changed, once', async () => {
    const [first, second] = [await join(), await join()];
    await settle();
    const told: string[] = [];
    second.onChange((changed) => told.push(...changed));
    await second.beat();
    expect(told).toEqual([]);
    await database.transaction('work', (session) => noteChange(session, 'threshold'));
    await first.beat();
    await second.beat();
    await second.beat();
    expect(told).toEqual(['threshold']);
  });
});
