/**
 * The two engines in one run: what a collector takes in over HTTP on each, and how fast each answers about a day. The
 * collector, its database and the sender share the machine.
 */
import { rmSync } from 'node:fs';
import { Digest } from '@mcp-vitals/sketch';
import { BATCH_CONTENT_TYPE, encodeBatch, type Window } from '@mcp-vitals/wire/encode';
import { createAuditLog } from '../packages/collector/src/audit/auditLog.ts';
import type { Clock } from '../packages/collector/src/clock.ts';
import { type Config, configSchema } from '../packages/collector/src/config/schema.ts';
import { createReports } from '../packages/collector/src/report/service.ts';
import { openPostgresStore } from '../packages/collector/src/store/postgres/postgresStore.ts';
import type { Store } from '../packages/collector/src/store/store.ts';
import { type PostgresServer, startPostgres } from '../packages/collector/src/testing/postgresServer.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { startCollectorProcess, temporaryDirectory } from './support/collectorProcess.ts';
import { type FilledStore, fillDay, serverName, toolName } from './support/dayOfCalls.ts';
import { median } from './support/median.ts';
import { post } from './support/poster.ts';

const ROUNDS = 3;
const BATCHES = 6_000;
const WINDOWS_PER_BATCH = 50;
const SAMPLES_PER_WINDOW = 10;
const WINDOWS = BATCHES * WINDOWS_PER_BATCH;
/** Each sender waits for its acknowledgement: with few of them, it is the way there and back that is measured. */
const CONNECTIONS = 256;
/** What a company of some size has, and one in which no two windows are of the same series for a while. */
const SERIES = [280, 20_000] as const;

type Engine = 'sqlite' | 'postgres';

/** What an operator gives a server of this size. */
export const SERVER_SETTINGS = { shared_buffers: '512MB', max_wal_size: '4GB', wal_compression: 'on' };

function bodies(round: string, series: number): Uint8Array[] {
  const endMs = Date.now();
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: BATCHES }, (_, number) => {
    const windows = Array.from({ length: WINDOWS_PER_BATCH }, (_, index): Window => {
      const id = (number * WINDOWS_PER_BATCH + index) % series;
      const durations = Float64Array.from(
        { length: SAMPLES_PER_WINDOW },
        () => Math.round(1e3 * (5 + 90 * random())) / 1e3,
      );
      return {
        server: 0,
        kind: 'tool',
        name: `tool_${id}`,
        startMs: endMs - 1_000,
        endMs,
        outcomes: [SAMPLES_PER_WINDOW, 0, 0, 0, 0, 0, 0],
        digest: Digest.ofSorted(durations.sort()),
      };
    });
    return encodeBatch({
      v: 1,
      instance: `bench-${round}-${number % CONNECTIONS}`,
      seq: Math.floor(number / CONNECTIONS) + 1,
      process: { host: 'bench', pid: process.pid, runtime: 'node', sdk: 'bench 1.0.0' },
      servers: [{ name: 'bench', version: '1.0.0' }],
      windows,
      resources: [],
      inFlight: [],
      dropped: {},
    });
  });
}

/** Series-windows a second. */
async function ingest(engine: Engine, server: PostgresServer, round: number, series: number): Promise<number> {
  const schema = `ingest_${round}_${series}`;
  const store = engine === 'sqlite' ? [] : ['--set', `store=${server.url}`, '--set', `postgres.schema=${schema}`];
  const limit = ['--set', 'ingest.maxSeriesPerServer=1000000'];
  const collector = await startCollectorProcess([...store, ...limit]);
  try {
    const headers = { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE };
    const target = { url: collector.url, path: '/v1/batches', headers, connections: CONNECTIONS };
    // All series are known before it is measured: that is what a minute of a running collector is.
    await post({ ...target, bodies: bodies(`warm-${round}`, series).slice(0, Math.ceil(series / WINDOWS_PER_BATCH)) });
    return (1_000 * WINDOWS) / (await post({ ...target, bodies: bodies(String(round), series) }));
  } finally {
    await collector.stop();
    if (engine === 'postgres') await server.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  }
}

interface Question {
  subject: string;
  maxMs: number;
  ask(filled: FilledStore, reports: ReturnType<typeof createReports>): Promise<unknown>;
}

const QUESTIONS: readonly Question[] = [
  {
    subject: 'one tool, 24 h, quantiles',
    maxMs: 10,
    ask: ({ store, fromMs, toMs }) =>
      store.readRollups({
        fromMs: fromMs + 17 * 60_000,
        toMs,
        scope: 'series',
        filter: { server: serverName(3), name: toolName(7) },
        digests: true,
      }),
  },
  {
    subject: 'every tool, 24 h, quantiles',
    maxMs: 100,
    ask: ({ store, fromMs, toMs }) =>
      store.readRollups({ fromMs: fromMs + 17 * 60_000, toMs, scope: 'series', filter: {}, digests: true }),
  },
  {
    subject: 'everything, 24 h, quantiles',
    maxMs: 100,
    ask: ({ store, fromMs, toMs }) =>
      store.readRollups({ fromMs: fromMs + 17 * 60_000, toMs, scope: 'all', filter: {}, digests: true }),
  },
  { subject: 'dashboard, computed anew', maxMs: 20, ask: (_filled, reports) => reports.dashboard(0) },
];

async function askAll(worlds: Record<Engine, FilledStore>) {
  const engines = ['sqlite', 'postgres'] as const;
  const reportsOf = (world: FilledStore) => createReports({ ...world, audit: createAuditLog(world) });
  const reports = { sqlite: reportsOf(worlds.sqlite), postgres: reportsOf(worlds.postgres) };
  const found = [];
  for (const question of QUESTIONS) {
    const times: Record<Engine, number[]> = { sqlite: [], postgres: [] };
    for (let i = 0; i < 45; i++) {
      for (const engine of engines) {
        const began = performance.now();
        await question.ask(worlds[engine], reports[engine]);
        if (i >= 5) times[engine].push(performance.now() - began);
      }
    }
    const [sqlite, postgres] = engines.map((engine) => quantiles(times[engine]));
    found.push({ question, sqlite: sqlite!, postgres: postgres! });
  }
  return found;
}

function quantiles(times: number[]): { p50: number; p95: number } {
  times.sort((a, b) => a - b);
  const at = (q: number) => Math.round(100 * times[Math.floor(q * times.length)]!) / 100;
  return { p50: at(0.5), p95: at(0.95) };
}

export async function run(): Promise<BenchResult> {
  const server = await startPostgres({ fsync: true, settings: SERVER_SETTINGS });
  const directory = temporaryDirectory();
  try {
    const rates = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const series of SERIES) {
        for (const engine of ['sqlite', 'postgres'] as const) {
          const key = `${engine} ${series}`;
          rates.set(key, [...(rates.get(key) ?? []), await ingest(engine, server, round, series)]);
        }
      }
    }
    const rate = (engine: Engine, series: number) => Math.round(median(rates.get(`${engine} ${series}`)!));
    const openPostgres = (config: Config, clock: Clock): Promise<Store> =>
      openPostgresStore({
        url: server.url,
        clock,
        config: configSchema.parse({ ...config, postgres: { schema: 'day' } }),
      });
    const worlds = { sqlite: await fillDay(directory), postgres: await fillDay(directory, openPostgres) };
    // What filling has left to do is not what answers cost.
    await server.query('VACUUM ANALYZE');
    await server.query('CHECKPOINT');
    const answers = await askAll(worlds);
    const megabytes = async (store: Store) => Math.round((await store.stats()).databaseBytes / 2 ** 20);
    const sizes = { sqlite: await megabytes(worlds.sqlite.store), postgres: await megabytes(worlds.postgres.store) };
    for (const { store } of Object.values(worlds)) await store.close();
    return {
      name: 'engines',
      question: 'What does a collector take in, and how fast does it answer, on SQLite and on PostgreSQL with tdigest?',
      rows: [
        ...SERIES.map((series) => ({
          what: `series-windows/s of 10 samples over HTTP, ${series} series`,
          sqlite: rate('sqlite', series),
          postgres: rate('postgres', series),
        })),
        ...answers.map(({ question, sqlite, postgres }) => ({
          what: `${question.subject}, ms (p50, p95)`,
          sqlite: `${sqlite.p50}, ${sqlite.p95}`,
          postgres: `${postgres.p50}, ${postgres.p95}`,
        })),
        { what: 'a day of 280 series, MB', sqlite: sizes.sqlite, postgres: sizes.postgres },
        {
          what: 'filling it, s',
          sqlite: Math.round(worlds.sqlite.fillSeconds),
          postgres: Math.round(worlds.postgres.fillSeconds),
        },
      ],
      targets: [
        ...SERIES.map((series) => ({
          target: `PostgreSQL, ${series} series: at least 80,000 series-windows/s`,
          value: `${rate('postgres', series)}`,
          met: rate('postgres', series) >= 80_000,
        })),
        ...answers.map(({ question, postgres }) => ({
          target: `PostgreSQL, ${question.subject}: p95 under ${question.maxMs} ms`,
          value: `${postgres.p95} ms`,
          met: postgres.p95 < question.maxMs,
        })),
      ],
      notes: [
        'PostgreSQL 15 with fsync, shared_buffers 512 MB. Collector, database and sender share two cores; windows of one series and minute that are written together become one row.',
      ],
    };
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await runWhenMain(import.meta.url, run);
