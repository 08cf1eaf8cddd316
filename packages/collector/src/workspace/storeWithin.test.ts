import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../model/rollup.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';
import { ManualClock, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import {
  alertIdOf,
  seedWorkspaces,
  serverOf,
  type TestWorkspace,
  toolOf,
  WORKSPACES,
} from '../testing/twoWorkspaces.ts';
import { storeWithin } from './storeWithin.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 30, 20);
const WEEK = { fromMs: NOW - 7 * DAY_MS, toMs: NOW };

/** Everything that can be read, in a form that can be compared. */
async function readAll(store: Store, names: { server?: string; tool?: string }): Promise<unknown> {
  const { server, tool } = names;
  const rollups = async (query: object) => {
    const { rollups, usedRange } = await store.readRollups({
      ...WEEK,
      filter: { server, name: tool },
      scope: 'series',
      digests: true,
      ...query,
    });
    const figures = rollups.map(({ digest, ...rest }) => ({ ...rest, p50: digest?.quantile(0.5) }));
    return { figures, usedRange };
  };
  const kinds = ['tool', 'prompt', 'gauge'] as const;
  const whole = { filter: { server } };
  return {
    series: await rollups({}),
    hours: await rollups({ groupBy: 'hour', filter: { server, kinds } }),
    servers: await rollups({ scope: 'server', ...whole }),
    all: server === undefined && tool === undefined && (await rollups({ scope: 'all' })),
    allByHour: server === undefined && tool === undefined && (await rollups({ scope: 'all', groupBy: 'hour' })),
    sums: server === undefined && tool === undefined && (await rollups({ scope: 'all', digests: false })),
    minutes: (await store.readMinutes({ fromMs: NOW - 12 * HOUR_MS, toMs: NOW }, { server, name: tool })).map(
      (each) => ({
        ...each,
        minuteMs: [...each.minuteMs],
        calls: [...each.calls],
        errors: [...each.errors],
        sumMs: [...each.sumMs],
      }),
    ),
    scanned: await scanned(store),
    resources: await store.readResources(WEEK, server, 'hour'),
    known: await store.listServers(),
    listed: await store.listSeries({ server, kinds }),
    errors: await store.readRecentErrors({ server, name: tool }, 100),
    inFlight: await store.readInFlight({ server }),
    anomalies: (await store.readAnomalies(WEEK, { server, tool })).map(({ incident: _, ...rest }) => rest),
    alerts: await store.readAlerts({ statuses: ['active'], server }),
    thresholds: await store.listThresholds(),
    items: [await store.readItems('deploy'), await store.readItems('objective'), await store.readItems('silence')],
  };
}

/** Rows as they are stored, but those of everything. */
async function scanned(store: Store): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const page of store.scanRollups('hour', WEEK)) {
    for (const { startMs, series, scope, outcomes } of page) {
      if (scope !== 'all') rows.push({ startMs, series, scope, outcomes });
    }
  }
  return rows;
}

function suite(open: () => Promise<Store>): void {
  let whole: Store;
  const alone = new Map<TestWorkspace, Store>();
  beforeAll(async () => {
    whole = await open();
    await seedWorkspaces(whole, NOW);
    for (const workspace of WORKSPACES) {
      const store = await open();
      await seedWorkspaces(store, NOW, [workspace]);
      alone.set(workspace, store);
    }
  }, 120_000);
  afterAll(async () => {
    for (const store of [whole, ...alone.values()]) await store.close();
  });

  it.each(WORKSPACES)('shows of %s what a store that has nothing else shows', async (workspace) => {
    const [view, own] = [storeWithin(whole, workspace), alone.get(workspace)!];
    expect(await view.listServers()).toHaveLength(1);
    for (const names of [
      {},
      { server: serverOf(workspace) },
      { server: serverOf(workspace), tool: toolOf(workspace) },
      { tool: toolOf(workspace) },
      { server: 'nobody' },
    ])
      expect(await readAll(view, names)).toEqual(await readAll(own, names));
  });

  it('takes a name without a workspace for one of its own', async () => {
    const view = storeWithin(whole, 'team-a');
    const local = { server: serverOf('team-a').replace('team-a::', '') };
    expect(await readAll(view, local)).toEqual(await readAll(view, { server: serverOf('team-a') }));
  });

  it('knows nothing of a server of another workspace, and of no other workspace’s alert', async () => {
    const view = storeWithin(whole, 'team-a');
    for (const other of ['team-b', 'default'] as const) {
      expect(await view.getAlert(alertIdOf(other))).toBeUndefined();
      const { rollups } = await view.readRollups({
        ...WEEK,
        filter: { server: serverOf(other) },
        scope: 'series',
        digests: false,
      });
      expect(rollups).toEqual([]);
    }
    expect(await view.getAlert(alertIdOf('team-a'))).toMatchObject({ server: serverOf('team-a') });
  });

  it('writes nothing, and shows nothing of what is everybody’s', async () => {
    const view = storeWithin(whole, 'team-a');
    const refused = expect.objectContaining({ code: 'forbidden' });
    await expect(view.saveItems('silence', [])).rejects.toEqual(refused);
    await expect(view.stats()).rejects.toEqual(refused);
    await expect(view.readSenders()).rejects.toEqual(refused);
    expect(await view.readItems('token')).toEqual([]);
  });
}

describe('a SQLite store within a workspace', () => {
  const directories: string[] = [];
  suite(() => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mv-workspace-'));
    directories.push(dataDir);
    return openSqliteStore({ dataDir, config: testConfig(dataDir), clock: new ManualClock(NOW), ballastBytes: 0 });
  });
  afterAll(() => {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });
});

describeWithPostgres('a PostgreSQL store within a workspace', (server) => {
  suite(() => openTestStore(server(), newSchema(), new ManualClock(NOW)));
});
