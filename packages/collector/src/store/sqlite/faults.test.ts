/** The store when its process is killed, its disk full or read-only, and its files cut or overwritten. */
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VitalsError } from '../../errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { Store } from '../store.ts';
import { incomingBatch, ManualClock, testConfig } from '../storeFixtures.ts';
import { applyBatch } from './applyBatch.ts';
import { Connection } from './db/connection.ts';
import { DATABASE_FILE } from './db/openConnection.ts';
import { migrate } from './db/schema.ts';
import { exchangeDamaged } from './exchangeDamaged.ts';
import { createParts } from './parts.ts';
import { openSqliteStore } from './sqliteStore.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
const EVERYTHING = { fromMs: START_MS - DAY_MS, toMs: START_MS + 30 * DAY_MS };
const APPEND_UNTIL_KILLED = fileURLToPath(new URL('testing/appendUntilKilled.ts', import.meta.url));
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountWorks();
/** `.ci/run` sees to it that they can; there, a test that cannot mount fails. */
const mayNotMount = !canMount && process.env.MCP_VITALS_CI !== '1';

let dataDir: string;
let clock: ManualClock;
const stores: Store[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-faults-'));
  clock = new ManualClock(START_MS);
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(
  dir = dataDir,
  options: { readOnly?: boolean; ballastBytes?: number; maxJournalMb?: number } = {},
): Promise<Store> {
  const config = testConfig(dir, { ingest: { maxJournalMb: options.maxJournalMb ?? 256 } });
  const store = await openSqliteStore({ dataDir: dir, config, clock, ballastBytes: 0, ...options });
  stores.push(store);
  return store;
}

function append(store: Store, seq: number, padding = 0): Promise<'stored' | 'duplicate'> {
  const errors = Array.from({ length: padding }, () => ({ atMs: clock.timeMs, errorClass: 'E'.repeat(200), code: '' }));
  const windows = [{ endMs: clock.timeMs + 1, durationsMs: [seq], errors }];
  return store.append(incomingBatch({ seq, receivedAtMs: clock.timeMs, windows }));
}

async function totals(store: Store): Promise<{ calls: number; sumMs: number }> {
  const { rollups } = await store.readRollups({ ...EVERYTHING, filter: {}, scope: 'all', digests: true });
  return { calls: rollups[0]?.outcomes[0] ?? 0, sumMs: rollups[0]?.sumMs ?? 0 };
}

function overwrite(path: string, fromByte: number, bytes: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, fromByte);
  closeSync(file);
}

describe('a process that is killed', () => {
  it('has lost nothing that it acknowledged, and counts nothing twice when it is sent again', async () => {
    let sent = 0;
    const acknowledged = new Set<number>();
    for (const enough of [4, 40, 11, 90]) sent = await appendAndKill(sent + 1, enough, acknowledged);

    const store = await open();
    const before = await totals(store);
    expect(before.calls).toBeGreaterThanOrEqual(acknowledged.size);
    const answers = new Map<number, string>();
    for (let seq = 1; seq <= sent; seq++) answers.set(seq, await append(store, seq));
    for (const seq of acknowledged) expect(answers.get(seq)).toBe('duplicate');
    expect(before.calls).toBe([...answers.values()].filter((answer) => answer === 'duplicate').length);
    await store.closeMinutes(clock.timeMs + HOUR_MS);
    await store.rollUp(clock.timeMs + HOUR_MS);
    expect(await totals(store)).toEqual({ calls: sent, sumMs: (sent * (sent + 1)) / 2 });
  }, 60_000);

  /** @returns the highest number that was sent */
  async function appendAndKill(firstSeq: number, enough: number, acknowledged: Set<number>): Promise<number> {
    const args = [
      '--conditions=@mcp-vitals/source',
      '--import',
      'tsx',
      APPEND_UNTIL_KILLED,
      dataDir,
      String(firstSeq),
      String(clock.timeMs),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let sent = firstSeq - 1;
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const [word, ...rest] = line.split(' ');
      if (word === 'sent') sent = Number(rest[0]);
      else {
        clock.timeMs = Number(rest.pop());
        for (const seq of rest.map(Number).filter((number) => number > 0)) acknowledged.add(seq);
        seen++;
      }
      if (seen === enough) child.kill('SIGKILL');
    }
    return sent;
  }
});

describe('a journal', () => {
  it('that is cut in the middle keeps what comes before the cut', async () => {
    const store = await open();
    for (let seq = 1; seq <= 40; seq++) await append(store, seq, 20);
    const copy = join(dataDir, 'copy');
    mkdirSync(copy);
    for (const suffix of ['', '-wal'])
      cpSync(join(dataDir, DATABASE_FILE + suffix), join(copy, DATABASE_FILE + suffix));
    const wal = join(copy, `${DATABASE_FILE}-wal`);
    truncateSync(wal, Math.floor(statSync(wal).size / 2));

    const cut = await open(copy);
    const { calls, sumMs } = await totals(cut);
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(40);
    expect(sumMs).toBe((calls * (calls + 1)) / 2);
    for (let seq = 1; seq <= 40; seq++) expect(await append(cut, seq)).toBe(seq <= calls ? 'duplicate' : 'stored');
    expect(await totals(cut)).toEqual(await totals(store));
  });

  it('that is full refuses batches with a time to come back, and takes them again once minutes are written', async () => {
    const store = await open(dataDir, { maxJournalMb: 0.05 });
    const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => append(store, i + 1, 10)));
    const refused = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(50);
    expect(refused[0]).toMatchObject({
      code: 'unavailable',
      retryAfterMs: expect.any(Number),
      message: expect.stringContaining('journal'),
    });
    clock.timeMs += HOUR_MS;
    await store.closeMinutes(clock.timeMs);
    for (let seq = 1; seq <= 50; seq++) await append(store, seq);
    expect(await totals(store)).toEqual({ calls: 50, sumMs: 1275 });
  });

  it('with an entry that cannot be read says so and keeps the others', async () => {
    const store = await open();
    await append(store, 1);
    await append(store, 2);
    const copy = join(dataDir, 'copy');
    mkdirSync(copy);
    for (const suffix of ['', '-wal'])
      cpSync(join(dataDir, DATABASE_FILE + suffix), join(copy, DATABASE_FILE + suffix));
    const connection = new Connection(join(copy, DATABASE_FILE), false);
    connection.run("UPDATE journal SET body = x'c1' WHERE id = 1");
    connection.close();
    const reopened = await open(copy);
    expect((await reopened.stats()).conditions).toEqual(['journal_unreadable']);
    expect(await totals(reopened)).toEqual({ calls: 1, sumMs: 2 });
  });
});

describe('a damaged database', () => {
  async function fill(): Promise<void> {
    const store = await open();
    await store.saveThreshold({
      thresholdId: 't',
      server: '',
      tool: '',
      metric: 'cpu',
      threshold: 1,
      severity: 'warning',
      enabled: true,
    });
    for (let seq = 1; seq <= 3_000; seq++) {
      clock.timeMs += MINUTE_MS;
      if (seq % 100 === 0) await store.closeMinutes(clock.timeMs);
      await append(store, seq);
    }
    await store.close();
  }

  it('is set aside, what can be read of it is recovered, and ingest goes on', async () => {
    await fill();
    const path = join(dataDir, DATABASE_FILE);
    const middle = Math.floor(statSync(path).size / 2 / 8192) * 8192;
    overwrite(path, middle, 3 * 8192);

    const store = await open();
    expect((await store.stats()).conditions).toEqual(['recovered']);
    expect(readdirSync(dataDir).some((name) => name.startsWith('damaged-'))).toBe(true);
    expect(await store.listThresholds()).toHaveLength(1);
    const { calls } = await totals(store);
    expect(calls).toBeGreaterThan(1_500);
    expect(await append(store, 3_001)).toBe('stored');
    await store.closeMinutes(clock.timeMs + HOUR_MS);
    expect((await totals(store)).calls).toBe(calls + 1);
  });

  it('of which nothing can be read is replaced by an empty one', async () => {
    writeFileSync(join(dataDir, DATABASE_FILE), Buffer.alloc(40_000, 'garbage'));
    const store = await open();
    expect((await store.stats()).conditions).toEqual(['recovered']);
    expect(await append(store, 1)).toBe('stored');
    expect(await totals(store)).toEqual({ calls: 1, sumMs: 1 });
  });

  it('is exchanged under a running store, which writes what it has in memory again', async () => {
    const path = join(dataDir, DATABASE_FILE);
    const connection = new Connection(path, false);
    migrate(connection);
    const parts = createParts(connection, testConfig(dataDir));
    for (let seq = 1; seq <= 3; seq++) {
      const incoming = incomingBatch({
        seq,
        receivedAtMs: START_MS,
        windows: [{ endMs: START_MS, durationsMs: [seq] }],
      });
      applyBatch(
        parts,
        incoming,
        connection.transaction(() => parts.journal.write([incoming])),
      );
    }
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    overwrite(path, 100, statSync(path).size - 100);
    exchangeDamaged(parts, START_MS);
    connection.close();

    const store = await open();
    expect(await totals(store)).toEqual({ calls: 3, sumMs: 6 });
    expect(await append(store, 2)).toBe('duplicate');
  });

  it('of a newer version is left alone', async () => {
    const connection = new Connection(join(dataDir, DATABASE_FILE), false);
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    await expect(open()).rejects.toMatchObject({ code: 'conflict', hint: expect.stringContaining('newest') });
    expect(existsSync(join(dataDir, DATABASE_FILE))).toBe(true);
  });
});

describe('a store that may only be read', () => {
  it('answers, and refuses to write', async () => {
    const store = await open();
    await append(store, 1);
    const reader = await open(dataDir, { readOnly: true });
    expect((await reader.stats()).conditions).toEqual(['read_only']);
    expect(await totals(reader)).toEqual({ calls: 1, sumMs: 1 });
    await expect(append(reader, 2)).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('data directory'),
    });
    await expect(reader.saveAnomalies([])).rejects.toBeInstanceOf(VitalsError);
    await reader.closeMinutes(clock.timeMs);
    await reader.rollUp(clock.timeMs);
    expect(await reader.applyRetention(clock.timeMs)).toEqual({ deletedRows: {} });
  });

  it('is empty where there is no database', async () => {
    const reader = await open(join(dataDir, 'nowhere'), { readOnly: true });
    expect(await totals(reader)).toEqual({ calls: 0, sumMs: 0 });
    expect(existsSync(join(dataDir, 'nowhere'))).toBe(false);
  });

  // Root ignores modes, so a file system that is mounted read-only stands for the directory that may not be written.
  it.skipIf(mayNotMount)('says so when its directory cannot be written', async () => {
    const store = await open(join(dataDir, 'writable'));
    await append(store, 1);
    await store.close();
    const mounted = join(dataDir, 'mounted');
    mkdirSync(mounted);
    execFileSync('mount', ['--bind', join(dataDir, 'writable'), mounted]);
    try {
      execFileSync('mount', ['-o', 'remount,bind,ro', mounted]);
      const reader = await open(mounted);
      expect((await reader.stats()).conditions).toEqual(['read_only']);
      expect(await totals(reader)).toEqual({ calls: 1, sumMs: 1 });
      await expect(append(reader, 2)).rejects.toMatchObject({ code: 'unavailable' });
      await reader.close();
    } finally {
      execFileSync('umount', ['-l', mounted]);
    }
  });
});

// Mounting needs root on Linux; elsewhere there is no portable way to fill a disk.
describe.skipIf(mayNotMount)('a full disk', () => {
  it('costs nothing that was acknowledged, gives up the ballast, and is over when there is room again', async () => {
    await onTmpfs('24m', async (mounted) => {
      const store = await open(mounted, { ballastBytes: 1_048_576 });
      await append(store, 1);
      await store.closeMinutes(clock.timeMs + HOUR_MS);
      expect(existsSync(join(mounted, 'ballast'))).toBe(true);
      fillDisk(join(mounted, 'filler'));

      const { seq, error } = await appendUntilRefused(store);
      expect(error).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('disk is full'),
        retryAfterMs: expect.any(Number),
      });
      expect((await store.stats()).conditions).toEqual(['disk_full']);
      expect(existsSync(join(mounted, 'ballast'))).toBe(false);
      expect((await totals(store)).calls).toBe(seq - 1);

      rmSync(join(mounted, 'filler'));
      expect(await append(store, seq)).toBe('stored');
      expect((await store.stats()).conditions).toEqual([]);
      await store.close();
      expect((await totals(await open(mounted))).calls).toBe(seq);
      await stores.at(-1)!.close();
    });
  });

  async function appendUntilRefused(store: Store): Promise<{ seq: number; error: unknown }> {
    for (let seq = 2; ; seq++) {
      try {
        await append(store, seq, 20);
      } catch (error) {
        return { seq, error };
      }
    }
  }
});

function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(65_536);
  try {
    for (;;) writeSync(file, block);
  } catch {
    closeSync(file);
  }
}

function mountWorks(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'mcp-vitals-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', dir], { stdio: 'ignore' });
    execFileSync('umount', [dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function onTmpfs(size: string, work: (mounted: string) => Promise<void>): Promise<void> {
  const mounted = join(dataDir, 'mounted');
  mkdirSync(mounted);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', mounted]);
  try {
    await work(mounted);
  } finally {
    execFileSync('umount', ['-l', mounted]);
  }
}
