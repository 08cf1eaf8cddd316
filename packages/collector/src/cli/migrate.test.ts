import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import { incomingBatch, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { migrateCommand } from './migrate.ts';

describeWithPostgres('mcp-vitals migrate', (server) => {
  let dataDir: string;
  let schema: string;
  let out: string[];
  let err: string[];

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-migrate-'));
    schema = newSchema();
    [out, err] = [[], []];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
    const store = await openSqliteStore({ dataDir, clock: systemClock, config: testConfig(dataDir), ballastBytes: 0 });
    const nowMs = Date.now();
    const windows = [{ server: 'shop', name: 'pay', endMs: nowMs, durationsMs: [5, 6, 7] }];
    await store.append(incomingBatch({ seq: 1, receivedAtMs: nowMs, windows }));
    await store.close();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(dataDir, { recursive: true });
  });

  const run = (from: string, to: string) => {
    const program = new Command().exitOverride();
    migrateCommand(program);
    const args = ['migrate', '--from', from, '--to', to, '--data-dir', dataDir, '--set', `postgres.schema=${schema}`];
    return program.parseAsync(args, { from: 'user' });
  };

  it('moves a directory into a database, says how far it is, and compares', async () => {
    await run(`sqlite:${dataDir}`, server().url);
    expect(err.at(0)).toBe('0 %, 0 rows');
    expect(err.at(-1)).toMatch(/^100 %, \d+ rows$/);
    expect(out).toEqual([
      expect.stringMatching(/^Copied \d+ rows; compared 1 days of servers by counts and quantiles\.$/),
    ]);
    const store = await openTestStore(server(), schema, systemClock);
    const { rollups } = await store.readRollups({
      fromMs: Date.now() - 3_600_000,
      toMs: Date.now() + 60_000,
      filter: { server: 'shop' },
      scope: 'series',
      digests: true,
    });
    expect(rollups).toMatchObject([{ sumMs: 18, minMs: 5, maxMs: 7 }]);
    await store.close();
    out.length = 0;
    await run(`sqlite:${dataDir}`, server().url);
    expect(out).toEqual([expect.stringMatching(/^Copied 0 rows/)]);
  });

  it('refuses what it cannot read, and a directory that is in use', async () => {
    await expect(run(dataDir, server().url)).rejects.toMatchObject({ code: 'invalid' });
    const lock = tryExclusiveLock(join(dataDir, 'owner.lock'));
    await expect(run(`sqlite:${dataDir}`, server().url)).rejects.toMatchObject({ code: 'conflict' });
    lock!.release();
  });
});
