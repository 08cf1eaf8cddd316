/** Export, import, export again: the two trees are the same, byte for byte, and importing twice changes nothing. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';
import { incomingBatch, ManualClock, testConfig } from '../store/storeFixtures.ts';
import { createArchive } from './archive.ts';
import { exportTree } from './exportTree.ts';
import { importTree } from './importTree.ts';
import { pathName } from './pathNames.ts';

const START_MS = Date.UTC(2025, 9, 30, 22, 30);
const EVERYTHING = { fromMs: 0, toMs: Date.UTC(2100, 0) };
const HOSTILE = [
  '../../etc/passwd',
  'a\0b',
  `"quoted'`,
  '🚀',
  'x'.repeat(10_000),
  'CON',
  'con',
  'Con',
  'nul.txt',
  '.',
  '..',
  'a/b\\c',
  ' ',
];

let root: string;
let clock: ManualClock;
let stores: Store[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcp-vitals-tree-'));
  clock = new ManualClock(START_MS);
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(name: string, archive = false): Promise<Store> {
  const dataDir = join(root, name);
  const config = testConfig(dataDir, { retention: { archive } });
  const store = await openSqliteStore({ dataDir, config, clock, ballastBytes: 0, archive: createArchive(dataDir) });
  stores.push(store);
  return store;
}

/** Two days of two servers, with single calls, failures, other outcomes, hostile names, resources, records. */
async function fill(store: Store): Promise<void> {
  for (let seq = 1; seq <= 60; seq++) {
    clock.timeMs += 50 * MINUTE_MS + 1_234;
    const endMs = clock.timeMs;
    const windows = [
      { server: 'Alpha', name: 'single', endMs, durationsMs: [seq / 7] },
      { server: 'Alpha', name: 'failing', endMs, failuresMs: [12.5] },
      {
        server: 'Alpha',
        name: 'busy',
        endMs,
        durationsMs: Array.from({ length: 50 }, (_, i) => i * 1.003),
        cancelled: 1,
      },
      { server: 'beta', kind: 'prompt' as const, name: 'single', endMs, durationsMs: [3] },
      ...(seq <= HOSTILE.length
        ? [{ server: HOSTILE[seq - 1]!, name: HOSTILE[seq - 1]!, endMs, durationsMs: [1, 2] }]
        : []),
    ];
    const resources = [
      { atMs: endMs, cpuPercent: seq, memoryMb: 100, memoryPercent: 1, diskIoKb: 2, eventLoopDelayMs: 0.1 },
    ];
    await store.append(incomingBatch({ seq, receivedAtMs: endMs, windows, resources }));
    await store.closeMinutes(clock.timeMs + HOUR_MS);
  }
  await store.rollUp(clock.timeMs + HOUR_MS);
  await store.saveThreshold({
    thresholdId: 't',
    server: '',
    tool: '',
    metric: 'cpu',
    threshold: 70,
    severity: 'warning',
    enabled: true,
  });
  await store.saveAlert(alert);
  await store.saveAlert({ ...alert, alertId: 'alert-20251031-002', status: 'resolved', resolvedAtMs: START_MS + 1 });
  await store.saveAnomalies([
    {
      atMs: START_MS,
      server: 'Alpha',
      tool: 'busy',
      type: 'response_time_spike',
      severity: 'critical',
      currentValue: 9,
      expectedRange: '1-2',
      expectedMax: 2,
      deviation: '4.5x expected',
      confidence: 0.9,
      method: 'z-score',
      recommendations: ['Look'],
    },
  ]);
}

/** Contents of all files, by path with `/`. */
function readTree(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((path) => join(dir, path));
  return Object.fromEntries(
    files
      .filter((path) => statSync(path).isFile())
      .sort()
      .map((path) => [relative(dir, path).split(sep).join('/'), readFileSync(path, 'utf8')]),
  );
}

async function exported(store: Store, name: string): Promise<Record<string, string>> {
  await exportTree(store, join(root, name), EVERYTHING);
  return readTree(join(root, name));
}

describe('the exported tree', () => {
  it('comes out of an import as it went in, and importing again adds nothing', async () => {
    const original = await open('a');
    await fill(original);
    const tree = await exported(original, 'tree-a');

    const copy = await open('b');
    const first = await importTree(copy, join(root, 'tree-a'));
    expect(first).toMatchObject({ unchanged: 0, skipped: [] });
    expect(await exported(copy, 'tree-b')).toEqual(tree);

    expect(await importTree(copy, join(root, 'tree-a'))).toEqual({ added: 0, unchanged: first.added, skipped: [] });
    expect(await exported(copy, 'tree-c')).toEqual(tree);
  });

  it('answers queries after the import as before', async () => {
    const original = await open('a');
    await fill(original);
    await exportTree(original, join(root, 'tree'), EVERYTHING);
    const copy = await open('b');
    await importTree(copy, join(root, 'tree'));
    await copy.rollUp(clock.timeMs + HOUR_MS);
    for (const scope of ['series', 'server', 'all'] as const) {
      for (const groupBy of [undefined, 'hour', 'day'] as const) {
        const query = {
          fromMs: START_MS + 2 * HOUR_MS + 1,
          toMs: clock.timeMs,
          scope,
          groupBy,
          filter: {},
          digests: true,
        };
        const summary = async (store: Store) =>
          (await store.readRollups(query)).rollups.map(({ digest, ...rollup }) => ({
            ...rollup,
            p95: digest!.quantile(0.95),
          }));
        expect(await summary(copy)).toEqual(await summary(original));
      }
    }
    expect(await copy.readResources(EVERYTHING, undefined, 'range')).toEqual(
      await original.readResources(EVERYTHING, undefined, 'range'),
    );
  });

  it('has the layout and, for a single call, the line of the specification', async () => {
    const store = await open('a');
    await fill(store);
    const tree = await exported(store, 'tree');
    const first = tree['metrics/2025-10-30/%41lpha/single.jsonl']!.split('\n')[0]!;
    expect(JSON.parse(first)).toEqual({
      timestamp: '2025-10-30T23:20:00.000Z',
      mcpServer: 'Alpha',
      toolName: 'single',
      duration: 1 / 7,
      success: true,
      error: null,
      resource: null,
    });
    expect(JSON.parse(tree['metrics/2025-10-30/%41lpha/failing.jsonl']!.split('\n')[0]!)).toMatchObject({
      success: false,
      error: 'tool_error',
    });
    expect(JSON.parse(tree['metrics/2025-10-30/%41lpha/busy.jsonl']!.split('\n')[0]!)).toMatchObject({
      outcomes: { ok: 50, cancelled: 1 },
      p50: 24.072,
    });
    expect(JSON.parse(tree['alerts/active-alerts.json']!)).toMatchObject([
      { alertId: alert.alertId, acknowledgedAt: null, status: 'active' },
    ]);
    expect(JSON.parse(tree['alerts/history/2025-10-30.jsonl']!)).toMatchObject({ alertId: 'alert-20251031-002' });
    expect(JSON.parse(tree['aggregates/hourly/2025-10-30-23.json']!)).toBeInstanceOf(Array);
    expect(Object.keys(tree)).toEqual(
      expect.arrayContaining([
        'aggregates/daily/2025-10-31.json',
        'anomalies/2025-10-30.jsonl',
        'config/thresholds.json',
      ]),
    );
  });

  it('reports what is damaged with file and line, and takes the rest', async () => {
    const store = await open('a');
    await fill(store);
    await exportTree(store, join(root, 'tree'), EVERYTHING);
    const file = 'metrics/2025-10-30/%41lpha/single.jsonl';
    appendFileSync(join(root, 'tree', file), '{"timestamp":"2025-10-30T23:\n');
    const hour = join(root, 'tree', 'aggregates/hourly/2025-10-30-23.json');
    writeFileSync(hour, readFileSync(hour, 'utf8').replace('"outcomes":{"ok":1}', '"outcomes":{"ok":2}'));
    const result = await importTree(await open('b'), join(root, 'tree'));
    expect(result.skipped).toEqual([
      {
        file: 'aggregates/hourly/2025-10-30-23.json',
        line: expect.any(Number),
        reason: expect.stringContaining('sketch'),
      },
      { file, line: 2, reason: expect.any(String) },
    ]);
    expect(result.added).toBeGreaterThan(100);
  });

  it('takes lines of other origin, several calls of one minute together', async () => {
    const lines = [
      '01:00.123Z","duration":5,"success":true',
      '01:30.000Z","duration":7,"success":false,"error":"boom"',
    ].map((rest) => `{"mcpServer":"s","toolName":"t","timestamp":"2025-10-31T13:${rest}}\n`);
    const file = join(root, 'tree/metrics/2025-10-31/s/t.jsonl');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, lines.join(''));
    const store = await open('a');
    expect(await importTree(store, join(root, 'tree'))).toEqual({ added: 1, unchanged: 0, skipped: [] });
    for (const scope of ['series', 'server', 'all'] as const) {
      const { rollups } = await store.readRollups({ ...EVERYTHING, scope, filter: {}, digests: true });
      expect(rollups).toMatchObject([{ outcomes: [1, 1, 0, 0, 0, 0, 0], sumMs: 12, minMs: 5, maxMs: 7 }]);
    }
  });

  it('is not written over another', async () => {
    const store = await open('a');
    await exportTree(store, join(root, 'tree'), EVERYTHING);
    await expect(exportTree(store, join(root, 'tree'), EVERYTHING)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('holds only the range that was asked for', async () => {
    const store = await open('a');
    await fill(store);
    await exportTree(store, join(root, 'tree'), { fromMs: Date.UTC(2025, 9, 31), toMs: Date.UTC(2025, 9, 31, 6) });
    const dates = Object.keys(readTree(join(root, 'tree')))
      .filter((path) => path.startsWith('metrics/'))
      .map((path) => path.split('/')[1]);
    expect(new Set(dates)).toEqual(new Set(['2025-10-31']));
  });

  it('receives what retention deletes, when an archive is asked for', async () => {
    const store = await open('a', true);
    await fill(store);
    const before = await exported(store, 'tree');
    clock.timeMs += 400 * DAY_MS;
    await store.rollUp(clock.timeMs);
    await store.applyRetention(clock.timeMs);
    const archived = readTree(join(root, 'a', 'archive'));
    for (const path of Object.keys(before).filter((name) => name.startsWith('metrics/')))
      expect(archived[path]).toBe(before[path]);
    expect((await store.readRollups({ ...EVERYTHING, scope: 'all', filter: {}, digests: false })).rollups).toEqual([]);
  });
});

describe('a path name', () => {
  it('is one plain component that no file system takes for another', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom(...HOSTILE)), (name) => {
        const path = pathName(name);
        expect(path).toMatch(/^[a-z0-9_%A-F-][a-z0-9_%A-F.~-]*$/);
        expect(path.length).toBeLessThanOrEqual(200);
        expect(path).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        if (!path.includes('~')) expect(decodeURIComponent(path)).toBe(name);
      }),
    );
  });

  it('differs when case is folded, too', () => {
    const folded = HOSTILE.map((name) => pathName(name).toLowerCase());
    expect(new Set(folded).size).toBe(HOSTILE.length);
  });
});

const alert: Alert = {
  alertId: 'alert-20251031-001',
  fingerprint: 'f',
  createdAtMs: START_MS,
  server: 'Alpha',
  tool: '',
  severity: 'warning',
  condition: 'cpu > 70%',
  currentValue: 80,
  threshold: 70,
  status: 'active',
  acknowledgedBy: null,
  acknowledgedAtMs: null,
  notes: null,
  escalatedAtMs: null,
  clearedAtMs: null,
  resolvedAtMs: null,
  lastBreachAtMs: START_MS,
  repeats: 0,
  activeFromMs: 1,
  anomalyId: null,
  deploy: null,
  isTold: true,
  evidence: ['It is.'],
  feedback: null,
  revision: 1,
};
