import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Digest } from '@mcp-vitals/sketch';
import { expect, it } from 'vitest';
import { incomingBatch, ManualClock, testConfig } from '../../storeFixtures.ts';
import { openSqliteStore } from '../sqliteStore.ts';
import { Connection } from './connection.ts';
import { DATABASE_FILE } from './openConnection.ts';
import { MIGRATIONS } from './schema.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
/** The last version that knew no histograms. */
const BEFORE_HISTOGRAMS = 2;

it('is brought from the version before histograms, with its rows and its journal', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-schema-'));
  const clock = new ManualClock(START_MS);
  const windows = [{ endMs: START_MS + 1, durationsMs: [40] }];
  const journalled = incomingBatch({ seq: 1, receivedAtMs: START_MS, windows });
  const before = new Connection(join(dataDir, DATABASE_FILE), false);
  for (const migration of MIGRATIONS.slice(0, BEFORE_HISTOGRAMS)) before.exec(migration);
  before.exec(`PRAGMA user_version = ${BEFORE_HISTOGRAMS}; INSERT INTO series VALUES (1, 'server', 'tool', 'tool')`);
  const digest = Digest.ofSorted(Float64Array.of(10, 20)).toBytes();
  before.run('INSERT INTO rollup_minute VALUES (?, 1, 2, 0, 0, 0, 0, 0, 0, 30, 10, 20, ?)', START_MS - 60_000, digest);
  before.run('INSERT INTO journal VALUES (1, ?, 0, ?)', START_MS, journalled.body);
  before.close();

  const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock, ballastBytes: 0 });
  const counted = [{ endMs: START_MS - 1, countedMs: [60, 70] }];
  await store.append(incomingBatch({ seq: 2, receivedAtMs: START_MS, windows: counted }));
  await store.closeMinutes(START_MS + 600_000);
  const range = { fromMs: START_MS - 60_000, toMs: START_MS + 60_000 };
  const { rollups } = await store.readRollups({ ...range, filter: {}, scope: 'series', digests: true });
  expect(rollups[0]!.digest).toMatchObject({ count: 5, sum: 200, min: 10, max: 70 });
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
