/**
 * The eight tools on both engines: the same random history, the same questions, the same answers. Where the database merges
 * digests of its own type, quantiles may be off by one rank in a hundred, which on these data is 3 % in value.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { createAlertManager } from '../../alert/manager.ts';
import { createAuditLog } from '../../audit/auditLog.ts';
import type { Config } from '../../config/schema.ts';
import { createDetection } from '../../detect/service.ts';
import { createIngest } from '../../ingest/ingest.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import { createNotifier } from '../../notify/service.ts';
import { createViews } from '../../query/service.ts';
import { createReports } from '../../report/service.ts';
import { openPostgresStore } from '../../store/postgres/postgresStore.ts';
import { openSqliteStore } from '../../store/sqlite/sqliteStore.ts';
import { incomingBatch, ManualClock, testConfig, type WindowSpec } from '../../store/storeFixtures.ts';
import { describeWithPostgres, newSchema } from '../../testing/describeWithPostgres.ts';
import { createTracker } from '../../track/tracker.ts';
import { createLimits } from '../limits.ts';
import type { Services } from '../ports/services.ts';
import { createLocalBackend } from '../toolCall.ts';

const START_MS = Date.UTC(2025, 9, 31, 10, 30);
const CALLER = { client: 'test', scope: 'admin' } as const;
const quiet = { warn: () => {}, error: () => {}, info: () => {}, debug: () => {} };

function temporaryDir(): { dataDir: string; removeDir(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-engines-'));
  return { dataDir, removeDir: () => rmSync(dataDir, { recursive: true, force: true }) };
}

type Engine = 'sqlite' | 'tdigest' | 'bytea';

/** A collector without doors, on one of the engines. */
async function startWorld(engine: Engine, url: string) {
  const storeClock = new ManualClock(START_MS);
  // Who lives is a matter of real time; how long something has been going on, of the history's.
  const clock = {
    nowMs: storeClock.nowMs,
    monotonicMs: storeClock.nowMs,
    every: storeClock.every,
    after: storeClock.after,
  };
  const config: Config = testConfig(':memory:', {
    postgres: { schema: newSchema(), digests: engine === 'bytea' ? 'bytea' : 'tdigest' },
    limits: { alertsPerServerPerHour: 1_000, queriesPerMinute: 1_000_000, metricsPerMinute: 1_000_000 },
    detection: { cacheSeconds: 0, method: 'z-score' },
    dashboard: { cacheSeconds: 0 },
  });
  const postgres = engine === 'sqlite' ? undefined : await openPostgresStore({ url, clock: storeClock, config });
  const { dataDir, removeDir } = temporaryDir();
  const store = postgres ?? (await openSqliteStore({ dataDir, config, clock, ballastBytes: 0 }));
  const own = postgres?.ofShare ?? store;
  const notifier = createNotifier({ store: own, share: postgres?.share, clock, config, logger: quiet, version: '1' });
  const alerts = createAlertManager({
    notifier,
    store: own,
    shared: postgres && { share: postgres.share, everywhere: store },
    clock,
    config,
    logger: quiet,
    detectionIntervalMs: 5 * MINUTE_MS,
  });
  await alerts.load();
  // Alone, a collector counts for a whole span before it takes anything to be over.
  storeClock.timeMs += 10 * MINUTE_MS;
  const detection = createDetection({ store, clock, config });
  const audit = createAuditLog({ store, clock });
  const reports = createReports({ store, audit, clock, config });
  const ingest = createIngest({ store, clock, config, observe: alerts.observe });
  const tracker = createTracker({
    clock: {
      nowMs: clock.nowMs,
      after: (_delayMs, run) => {
        queueMicrotask(run);
        return () => {};
      },
    },
    software: 'test',
    append: ingest.accept,
    onError: () => {},
  });
  // The eight tools use no more.
  const services = {
    clock,
    config,
    store,
    track: tracker.track,
    detection,
    alerts,
    notifications: notifier,
    forwarding: { status: () => [], failing: () => [] },
    reports,
    views: createViews({ store, clock, config, reports }),
    audit,
  } as unknown as Services;
  const backend = createLocalBackend(() => services, {
    limits: createLimits(config, clock),
    onError: (error) => {
      throw error;
    },
  });
  return {
    clock: storeClock,
    store,
    alerts,
    ingest,
    async call(name: string, args: Record<string, unknown>): Promise<unknown> {
      const answer = await backend.call(name, args, CALLER);
      return answer.structuredContent ?? answer.content;
    },
    async stop() {
      await alerts.settled();
      await notifier.close();
      await store.close();
      removeDir();
    },
  };
}
type World = Awaited<ReturnType<typeof startWorld>>;

type Step =
  | { do: 'append'; windows: Omit<WindowSpec, 'endMs'>[]; cpuPercent: number; agoMs: number }
  | { do: 'advance'; byMs: number }
  | { do: 'track'; server: string; durationMs: number; success: boolean }
  | { do: 'threshold'; server: string; threshold: number }
  | { do: 'acknowledge' }
  | { do: 'background' };

/** Far from the limits of 500 and 1,000 ms, and so dense that a rank is little in value. */
const duration = fc.oneof(fc.integer({ min: 150, max: 200 }), fc.integer({ min: 1_500, max: 1_550 }));
const windowArbitrary = fc.record({
  server: fc.constantFrom('shop', 'files'),
  kind: fc.constantFrom('tool', 'tool', 'prompt'),
  name: fc.constantFrom('read', 'write', 'pay'),
  durationsMs: fc.array(duration, { minLength: 0, maxLength: 60 }),
  failuresMs: fc.array(duration, { maxLength: 2 }),
}) as fc.Arbitrary<Omit<WindowSpec, 'endMs'>>;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      // One window a series: alone, a collector judges within a batch, beside others after it.
      windows: fc.uniqueArray(windowArbitrary, {
        minLength: 1,
        maxLength: 5,
        selector: ({ server, kind, name }) => `${server} ${kind} ${name}`,
      }),
      // Below all limits that are set: beside others it is judged by whole minutes, alone by samples.
      cpuPercent: fc.integer({ min: 1, max: 45 }),
      agoMs: fc.constantFrom(0, 0, 0, 2 * MINUTE_MS, 2 * HOUR_MS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      byMs: fc.constantFrom(20_000, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('track' as const),
      server: fc.constantFrom('shop', 'bank'),
      durationMs: duration,
      success: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'background' }, { do: 'acknowledge' }) },
);

/** Set before the first call: alone, a collector counts anew against a new limit, beside others it asks the store. */
const thresholds = fc.array(
  fc.record({
    do: fc.constant('threshold' as const),
    server: fc.constantFrom('shop', 'files'),
    threshold: fc.constantFrom(300, 3_000),
  }),
  { maxLength: 2 },
);

async function live(world: World, steps: readonly Step[]): Promise<void> {
  let seq = 0;
  for (const each of steps) {
    const nowMs = world.clock.timeMs;
    switch (each.do) {
      case 'append': {
        seq += 1;
        const windows = each.windows.map((window) => ({ ...window, endMs: nowMs - each.agoMs }));
        const sample = { atMs: nowMs, cpuPercent: each.cpuPercent, memoryMb: 100, memoryPercent: 5 };
        const { batch, body } = incomingBatch({
          seq,
          receivedAtMs: nowMs,
          windows,
          resources: [{ ...sample, diskIoKb: 1, eventLoopDelayMs: 2 }],
        });
        await world.ingest.accept(batch, body);
        break;
      }
      case 'advance':
        world.clock.timeMs += each.byMs;
        break;
      case 'track':
        await world.call('track_performance', {
          mcpServer: each.server,
          toolName: 'transfer',
          duration: each.durationMs,
          success: each.success,
        });
        break;
      case 'threshold':
        await world.call('set_alert_threshold', {
          mcpServer: each.server,
          metric: 'response_time',
          threshold: each.threshold,
          severity: 'warning',
        });
        break;
      case 'acknowledge':
        for (const alert of await world.alerts.active({}))
          await world.alerts.acknowledge(alert.alertId, 'me', undefined);
        break;
      case 'background':
        await world.store.closeMinutes(nowMs);
        await world.store.rollUp(nowMs);
        await world.alerts.tick();
    }
    // Beside others the store is what alerts are found in, alone the batches: both have looked now.
    await world.alerts.settled();
    await world.alerts.tick();
  }
}

/** Everything that can be asked, at the end of a history. */
async function answers(world: World): Promise<Record<string, unknown>> {
  const nowMs = world.clock.timeMs;
  const iso = (ms: number) => new Date(ms).toISOString();
  const range = { startTime: iso(nowMs - DAY_MS), endTime: iso(nowMs) };
  const asked: [string, string, Record<string, unknown>][] = [
    ['a metric tracked', 'track_performance', { mcpServer: 'shop', toolName: 'read', duration: 170, success: true }],
    ['everything', 'get_metrics', range],
    ['one tool', 'get_metrics', { ...range, mcpServer: 'shop', toolName: 'read', aggregation: 'p95' }],
    ['an hour', 'get_metrics', { startTime: iso(nowMs - HOUR_MS), endTime: iso(nowMs), mcpServer: 'files' }],
    ...(['z-score', 'moving-avg', 'percentile'] as const).map((method): (typeof asked)[number] => [
      method,
      'detect_anomalies',
      { lookbackWindow: '24h', method, sensitivity: 'high' },
    ]),
    ['adaptive', 'detect_anomalies', { lookbackWindow: '24h', method: 'adaptive' }],
    ['a threshold', 'set_alert_threshold', { metric: 'cpu', threshold: 50, severity: 'warning' }],
    ['alerts', 'get_active_alerts', {}],
    ['alerts of one', 'get_active_alerts', { mcpServer: 'shop', severity: 'critical' }],
    ['no alert', 'acknowledge_alert', { alertId: 'alert-20200101-001', acknowledgedBy: 'me' }],
    ['a report', 'generate_performance_report', { ...range, format: 'json' }],
    ['the dashboard', 'get_performance_dashboard', {}],
  ];
  const found: Record<string, unknown> = {};
  for (const [subject, name, args] of asked) {
    found[subject] = await world.call(name, args);
    await world.alerts.settled();
    await world.alerts.tick();
  }
  return found;
}

/** Numbers that are given as things come, and how often something was saved. */
const UNLIKE: ReadonlySet<string> = new Set(['alertId', 'metricId', 'revision']);

/** Answers are rounded to three decimals, and what is just between two of them may go either way. */
const LAST_DIGIT = 1.001e-3;

/** An hour has so few calls that the quantile of an approximate digest may be the neighbour of the right one. */
const HOURLY_QUANTILE = /\.timeline\.points\[\d+\]\.p\d\dMs$/;

/** Prose in which rounded figures stand. */
const TEXTS = /^(content|text)$/;

/** Where two answers differ; `tolerance` is relative. */
function differences(a: unknown, b: unknown, tolerance: number, path = ''): string[] {
  if (tolerance > 1e-6 && HOURLY_QUANTILE.test(path)) return [];
  if (typeof a === 'number' && typeof b === 'number') {
    const isSame =
      a === b ||
      Math.abs(a - b) <= LAST_DIGIT ||
      Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)) ||
      (Number.isNaN(a) && Number.isNaN(b));
    return isSame ? [] : [`${path}: ${a} and ${b}`];
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const [first, second] = [ordered(a), ordered(b)];
    if (first.length !== second.length) return [`${path}: ${first.length} and ${second.length} entries`];
    return first.flatMap((each, i) => differences(each, second[i], tolerance, `${path}[${i}]`));
  }
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys]
      .filter((key) => !UNLIKE.has(key) && !(tolerance > 1e-6 && TEXTS.test(key)))
      .flatMap((key) => differences(a[key], b[key], tolerance, `${path}.${key}`));
  }
  if (typeof a === 'string' && typeof b === 'string' && a.startsWith('{') && b.startsWith('{')) {
    return differences(JSON.parse(a), JSON.parse(b), tolerance, `${path}.`);
  }
  if (typeof a === 'string' && typeof b === 'string')
    return sameText(a, b, tolerance) ? [] : [`${path}: ${a} and ${b}`];
  return Object.is(a, b) ? [] : [`${path}: ${String(a)} and ${String(b)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Which of several alerts of the same moment is among the few to attend to depends on their numbers. */
function isAboutAnAlert(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('Attend to alert');
}

/** Alerts of the same moment are numbered as they come. */
function ordered(list: readonly unknown[]): unknown[] {
  const keyOf = (value: unknown) => {
    if (typeof value === 'string') return withoutIds(value);
    return isObject(value) && 'alertId' in value
      ? JSON.stringify([value.condition, value.mcpServer ?? value.server, value.toolName ?? value.tool])
      : '';
  };
  return list
    .filter((each) => !isAboutAnAlert(each))
    .sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : keyOf(x) > keyOf(y) ? 1 : 0));
}

/** The same words, and numbers that are as close as numbers have to be. */
function sameText(a: string, b: string, tolerance: number): boolean {
  if (tolerance <= 1e-6) return withoutIds(a) === withoutIds(b);
  const words = (text: string) => withoutIds(text).replace(/\d+(\.\d+)?/g, '#');
  return words(a) === words(b);
}

function withoutIds(text: string): string {
  return text.replace(/alert-\d{8}-\d+/g, 'alert');
}

describeWithPostgres('the eight tools', (server) => {
  it.each([
    ['tdigest', 0.03],
    ['bytea', 1e-9],
  ] as const)(
    'answer on PostgreSQL with %s as on SQLite',
    async (engine, tolerance) => {
      await fc.assert(
        fc.asyncProperty(thresholds, fc.array(step, { minLength: 5, maxLength: 25 }), async (first, steps) => {
          const worlds = [await startWorld('sqlite', server().url), await startWorld(engine, server().url)] as const;
          try {
            for (const world of worlds) await live(world, [...first, ...steps]);
            const [expected, found] = [await answers(worlds[0]), await answers(worlds[1])];
            expect(differences(expected, found, tolerance)).toEqual([]);
          } finally {
            for (const world of worlds) await world.stop();
          }
        }),
        // Shrinking would take minutes; the history that failed says enough.
        { numRuns: 12 * inject('thoroughness'), endOnFailure: true },
      );
    },
    120_000 * inject('thoroughness'),
  );
});
