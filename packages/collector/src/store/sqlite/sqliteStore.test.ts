import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nextTurn } from '../../clock.ts';
import { callCount, MINUTE_MS } from '../../model/rollup.ts';
import { describeStoreContract, type Place } from '../store.contract.ts';
import { incomingBatch, ManualClock, testConfig } from '../storeFixtures.ts';
import { openSqliteStore } from './sqliteStore.ts';

function newPlace(): Place {
  let dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-store-'));
  return {
    // Without ballast: writing 16 MB for each of some hundred stores would be most of the suite's time.
    open: (config, clock) => openSqliteStore({ dataDir, config, clock, ballastBytes: 0 }),
    /** Goes on with a copy of the files as they are at this moment, which is all that a killed process leaves behind. */
    async crash(store) {
      const left = dataDir;
      dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-store-'));
      cpSync(left, dataDir, { recursive: true });
      await store.close();
      rmSync(left, { recursive: true, force: true });
    },
    async remove() {
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

describeStoreContract('SQLite', { newPlace: async () => newPlace(), rankTolerance: 0, sumTolerance: 0 });

it.each([0, 1, 5, 9, 30])('counts minutes once that are written %d turns after a long read began', async (turns) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-store-'));
  const startMs = Date.UTC(2026, 0, 5, 10);
  const [minutes, tools] = [40, 60];
  const clock = new ManualClock(startMs + minutes * MINUTE_MS);
  const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock, ballastBytes: 0 });
  for (let minute = 0; minute < minutes; minute++) {
    const endMs = startMs + minute * MINUTE_MS + 1_000;
    const windows = Array.from({ length: tools }, (_, tool) => ({
      name: `tool_${tool}`,
      endMs,
      durationsMs: [1, 2, tool],
    }));
    await store.append(incomingBatch({ seq: minute + 1, receivedAtMs: endMs, windows }));
    // Half of them are rows when the read begins, half are in memory.
    if (minute === minutes / 2) await store.closeMinutes(clock.nowMs());
  }
  const query = { fromMs: startMs, toMs: clock.nowMs(), filter: {}, digests: true } as const;
  const reading = (['series', 'server', 'all'] as const).map((scope) => store.readRollups({ ...query, scope }));
  for (let turn = 0; turn < turns; turn++) await nextTurn();
  await store.closeMinutes(clock.nowMs() + MINUTE_MS);
  for (const { rollups } of await Promise.all(reading)) {
    expect(rollups.reduce((sum, rollup) => sum + callCount(rollup), 0)).toBe(3 * minutes * tools);
    expect(rollups.reduce((sum, { digest }) => sum + digest!.count, 0)).toBe(3 * minutes * tools);
  }
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it.each([0, 1, 3, 8, 20])('counts what comes in %d turns after minutes began to be written', async (turns) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-store-'));
  const startMs = Date.UTC(2026, 0, 5, 10);
  const [minutes, tools] = [4, 120];
  const clock = new ManualClock(startMs + (minutes + 1) * MINUTE_MS);
  const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock, ballastBytes: 0 });
  const send = (seq: number) => {
    const windows = Array.from({ length: minutes * tools }, (_, i) => ({
      name: `tool_${i % tools}`,
      endMs: startMs + Math.floor(i / tools) * MINUTE_MS + 1_000,
      durationsMs: Array.from({ length: 20 }, (_, call) => 1 + call * seq),
    }));
    return store.append(incomingBatch({ seq, receivedAtMs: clock.nowMs(), windows }));
  };
  await send(1);
  const closing = store.closeMinutes(clock.nowMs());
  for (let turn = 0; turn < turns; turn++) await nextTurn();
  await send(2);
  await closing;
  await store.closeMinutes(clock.nowMs());
  const query = { fromMs: startMs, toMs: clock.nowMs(), filter: {}, digests: true } as const;
  for (const scope of ['series', 'server', 'all'] as const) {
    const { rollups } = await store.readRollups({ ...query, scope });
    expect(rollups.reduce((sum, rollup) => sum + callCount(rollup), 0)).toBe(2 * 20 * minutes * tools);
    expect(rollups.reduce((sum, { digest }) => sum + digest!.count, 0)).toBe(2 * 20 * minutes * tools);
  }
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
