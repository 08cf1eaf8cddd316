/** Objectives that people set while the collector runs: kept, watched, and known to all who share a database. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Objective } from '../config/schema.ts';
import { copyStore } from '../exchange/copyStore.ts';
import { DAY_MS, MINUTE_MS } from '../model/rollup.ts';
import type { PostgresStore } from '../store/postgres/postgresStore.ts';
import { WorkShares } from '../store/postgres/workShares.ts';
import type { Store } from '../store/store.ts';
import { incomingBatch, ManualClock, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { type AlertManager, createAlertManager } from './manager.ts';
import { ObjectiveBook } from './objectiveBook.ts';

const NOW = Date.parse('2025-10-31T13:00:30Z');
const objective = (name: string, values: Partial<Objective> = {}): Objective => ({
  name,
  server: 'shop',
  objectivePercent: 99.9,
  windowDays: 30,
  ...values,
});
const logger = { warn: () => {} };
const detectionIntervalMs = 300_000;

describe('the book of objectives', () => {
  let filled: FilledStore;
  beforeEach(async () => {
    filled = await openFilledStore(NOW);
  });
  afterEach(() => filled.close());

  const open = async (...ofSettings: Objective[]) => {
    const book = new ObjectiveBook(ofSettings, filled.store);
    await book.load();
    return book;
  };

  it('keeps what was set, by name, across restarts', async () => {
    const first = await open(objective('of the settings'));
    await first.set(objective('__proto__'));
    await first.set(objective('twice'));
    await first.set(objective('twice', { server: 'web' }));
    const second = await open(objective('of the settings'));
    expect(second.list()).toEqual([
      objective('of the settings'),
      objective('__proto__'),
      objective('twice', { server: 'web' }),
    ]);
    await second.remove('__proto__');
    expect((await open()).list().map(({ name }) => name)).toEqual(['twice']);
  });

  it('goes by the settings where both name one', async () => {
    await (await open()).set(objective('both', { objectivePercent: 50 }));
    const book = await open(objective('both'));
    expect(book.list()).toEqual([objective('both')]);
    const fixed = expect.objectContaining({ code: 'conflict' });
    await expect(book.set(objective('both'))).rejects.toEqual(fixed);
    await expect(book.remove('both')).rejects.toEqual(fixed);
    // Taken out of the settings, it is what it was before.
    expect((await open()).list()).toEqual([objective('both', { objectivePercent: 50 })]);
  });

  it('has room for two hundred, and for changes when it is full', async () => {
    const book = await open();
    for (let i = 0; i < 200; i++) await book.set(objective(`o${i}`));
    await expect(book.set(objective('one more'))).rejects.toMatchObject({ code: 'conflict' });
    await book.set(objective('o7', { server: 'web' }));
    await book.remove('o8');
    await book.set(objective('one more'));
    expect(book.list()).toHaveLength(200);
    await expect(book.remove('o8')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an objective that was set', () => {
  let filled: FilledStore;
  let alerts: AlertManager;
  beforeEach(async () => {
    filled = await openFilledStore(NOW);
    await open();
  });
  afterEach(() => filled.close());

  async function open(): Promise<void> {
    const { store, clock, config } = filled;
    alerts = createAlertManager({ store, clock, config, logger, detectionIntervalMs });
    await alerts.load();
  }
  /** As much time as it takes until conditions are looked at again. */
  async function pass(minutes = 1): Promise<void> {
    filled.clock.advance(minutes * MINUTE_MS);
    await alerts.tick();
  }
  const burn = () =>
    filled.record([
      { server: 'shop', tool: 'pay', atMs: filled.clock.nowMs(), durationsMs: new Array(9).fill(5), failures: 4 },
    ]);
  const raised = async () => (await alerts.active({})).filter(({ condition }) => condition.includes('budget'));

  it('raises an alert when its budget burns, also after a restart', async () => {
    await burn();
    await pass();
    expect(await raised()).toEqual([]);
    await alerts.setObjective(objective('pay works'));
    await open();
    await burn();
    await pass();
    expect(await raised()).toMatchObject([
      { server: 'shop', tool: '', severity: 'critical', condition: expect.stringContaining('pay works') },
    ]);
    const [status] = await alerts.objectives();
    expect(status).toMatchObject({ name: 'pay works', calls: 18, isFixed: false });
    expect(status!.goodPercent).toBeCloseTo((100 * 10) / 18, 9);
  });

  it('that was removed raises nothing more, and its alert is over', async () => {
    await alerts.setObjective(objective('pay works'));
    await burn();
    await pass();
    expect(await raised()).toMatchObject([{ clearedAtMs: null }]);
    await alerts.removeObjective('pay works');
    await burn();
    await pass();
    expect(await raised()).toMatchObject([{ clearedAtMs: filled.clock.nowMs() }]);
    expect(await alerts.objectives()).toEqual([]);
  });

  it('of a server that nobody has heard of has its whole budget', async () => {
    await alerts.setObjective(objective('quiet', { server: 'nobody', withinMs: 5 }));
    expect(await alerts.objectives()).toEqual([
      {
        ...objective('quiet', { server: 'nobody', withinMs: 5 }),
        tool: '',
        calls: 0,
        goodPercent: null,
        budgetLeftPercent: 100,
        burnRates: { '1h': 0, '6h': 0, '3d': 0 },
        isFixed: false,
      },
    ]);
  });
});

describeWithPostgres('objectives of several collectors', (server) => {
  let schema: string;
  let clock: ManualClock;
  let stores: PostgresStore[];
  let managers: AlertManager[];

  beforeEach(async () => {
    schema = newSchema();
    clock = new ManualClock(NOW);
    stores = [await openTestStore(server(), schema, clock), await openTestStore(server(), schema, clock)];
    managers = stores.map((store) =>
      createAlertManager({
        store: store.ofShare,
        shared: { share: store.share, everywhere: store },
        clock,
        config: testConfig('/nowhere'),
        logger,
        detectionIntervalMs,
      }),
    );
    for (const manager of managers) await manager.load();
    await settle();
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await server().query(`DROP SCHEMA ${schema} CASCADE`);
  });

  /** Each hears what the others have changed. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 3; round++)
      for (const { share } of stores) {
        expect(share).toBeInstanceOf(WorkShares);
        await (share as WorkShares).beat();
      }
    for (const manager of managers) await manager.settled();
  }
  const names = (of: AlertManager) => of.objectives().then((all) => all.map(({ name }) => name));

  it('are seen, changed and removed by all of them at once', async () => {
    const [one, other] = managers as [AlertManager, AlertManager];
    await one.setObjective(objective('set by one'));
    expect(await names(other)).toEqual(['set by one']);
    await other.setObjective(objective('set by one', { server: 'web' }));
    expect(await one.objectives()).toMatchObject([{ server: 'web' }]);
    await one.setObjective(objective('another'));
    await other.removeObjective('another');
    expect(await names(one)).toEqual(['set by one']);
    await expect(one.removeObjective('another')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are watched by the one whose server it is, whoever set them', async () => {
    const owner = stores.findIndex(({ share }) => share.owns('shop'));
    await managers[1 - owner]!.setObjective(objective('pay works'));
    await settle();
    clock.timeMs += MINUTE_MS;
    const windows = [{ server: 'shop', endMs: clock.timeMs, durationsMs: [1, 1], failuresMs: [1, 1, 1, 1] }];
    await stores[0]!.append(incomingBatch({ seq: 1, receivedAtMs: clock.timeMs, windows }));
    for (const manager of managers) await manager.tick();
    for (const manager of managers)
      expect((await manager.active({})).filter(({ condition }) => condition.includes('pay works'))).toHaveLength(1);
  });

  it('may bear any name and be of any server', async () => {
    for (const name of ['a\u0000b', 'half \ud800', "x' OR 1=1", '__proto__', '🚀']) {
      const [one, other] = managers as [AlertManager, AlertManager];
      await one.setObjective(objective(name, { server: name }));
      expect(await names(other)).toHaveLength(1);
      await other.removeObjective(name);
      expect(await names(one)).toEqual([]);
    }
  });

  it('come along when a store is copied', async () => {
    const filled = await openFilledStore(NOW);
    const from: Store = filled.store;
    const book = new ObjectiveBook([], from);
    await book.set(objective('kept'));
    await copyStore({ from, to: stores[0]!, source: 'here', range: { fromMs: NOW - DAY_MS, toMs: NOW } });
    await settle();
    for (const manager of managers) expect(await names(manager)).toEqual(['kept']);
    await filled.close();
  });
});
