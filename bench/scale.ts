/**
 * Past one machine, two questions. What do three collectors take in that one alone does, as long as each may use only a part of
 * a core, so that the database is not the limit? And how does each cost grow with the number of servers: the traffic of
 * 1,000,000 servers at 1/1000, half of it, and two and four times as much, minute for minute as fast as it goes.
 */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, Window } from '@mcp-vitals/wire/decode';
import { BATCH_CONTENT_TYPE, encodeBatch } from '@mcp-vitals/wire/encode';
import { systemClock } from '../packages/collector/src/clock.ts';
import { configSchema } from '../packages/collector/src/config/schema.ts';
import { openPostgresStore } from '../packages/collector/src/store/postgres/postgresStore.ts';
import { type PostgresServer, startPostgres } from '../packages/collector/src/testing/postgresServer.ts';
import { SERVER_SETTINGS } from './engines.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { type CollectorProcess, startCollectorProcess } from './support/collectorProcess.ts';
import { type CpuQuota, cpuQuota, cpuSecondsOf, cpuSecondsOfFamily } from './support/cpu.ts';
import { median } from './support/median.ts';
import { post } from './support/poster.ts';

const MINUTE_MS = 60_000;

// ---- three collectors and one

const ROUNDS = 3;
/** Of a core, for each collector: three of them leave the database and the senders the greater part of the machine. */
const QUOTA = 0.2;
const BATCHES_PER_COLLECTOR = 2_500;
const WINDOWS_PER_BATCH = 20;
const SAMPLES_PER_WINDOW = 10;
const SERIES = 2_000;
const CONNECTIONS = 64;

interface Throughput {
  windowsPerSecond: number;
  /** Of all collectors together. */
  cpuSecondsPerMillionSamples: number;
}

async function throughput(server: PostgresServer, collectors: number, round: number): Promise<Throughput> {
  const schema = `scale_${collectors}_${round}`;
  const flags = [
    '--set',
    `store=${server.url}`,
    '--set',
    `postgres.schema=${schema}`,
    '--set',
    'ingest.maxSeriesPerServer=100000',
  ];
  const started: CollectorProcess[] = [];
  const quotas: CpuQuota[] = [];
  try {
    for (let i = 0; i < collectors; i++) started.push(await startCollectorProcess(flags));
    // A process that has compiled what it runs: with a fifth of a core that takes a while.
    await Promise.all(started.map((collector, i) => send(collector, `warm-${round}-${i}`)));
    for (const [i, { pid }] of started.entries()) {
      const quota = cpuQuota(`${round}-${collectors}-${i}`, QUOTA);
      quota?.add(pid);
      if (quota !== undefined) quotas.push(quota);
    }
    const cpuBefore = started.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
    const elapsed = await Promise.all(started.map((collector, i) => send(collector, `${round}-${i}`)));
    const cpuSeconds = started.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0) - cpuBefore;
    const windowsEach = BATCHES_PER_COLLECTOR * WINDOWS_PER_BATCH;
    const windows = collectors * windowsEach;
    return {
      windowsPerSecond: elapsed.reduce((sum, elapsedMs) => sum + (1000 * windowsEach) / elapsedMs, 0),
      cpuSecondsPerMillionSamples: (1e6 * cpuSeconds) / (windows * SAMPLES_PER_WINDOW),
    };
  } finally {
    await Promise.all(started.map((collector) => collector.stop()));
    for (const quota of quotas) quota.remove();
    await server.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  }
}

function send(collector: CollectorProcess, name: string): Promise<number> {
  return post({
    url: collector.url,
    path: '/v1/batches',
    headers: { authorization: `Bearer ${collector.token('ingest')}`, 'content-type': BATCH_CONTENT_TYPE },
    connections: CONNECTIONS,
    bodies: Array.from({ length: BATCHES_PER_COLLECTOR }, (_, number) =>
      encodeBatch(
        batch(`${name}-${number % CONNECTIONS}`, Math.floor(number / CONNECTIONS) + 1, 'bench', Date.now(), (index) => {
          const id = (number * WINDOWS_PER_BATCH + index) % SERIES;
          return index < WINDOWS_PER_BATCH ? `tool_${id}` : undefined;
        }),
      ),
    ),
  });
}

// ---- the traffic of many servers

/** Of 1,000,000 servers at 1/1000: half as many, as many, twice, four times. */
const SERVERS = [500, 1_000, 2_000, 4_000] as const;
const TOOLS_PER_SERVER = 10;
/** One server in ten is busy: it sends every ten seconds, three tools at a time. The others say once a minute that they live. */
const BUSY_SHARE = 0.1;
const BATCHES_OF_BUSY = 6;
const TOOLS_AT_A_TIME = 3;
const MINUTES = 8;

interface Cost {
  servers: number;
  batchesPerMinute: number;
  collectorCpuMsPerMinute: number;
  databaseCpuMsPerMinute: number;
  walKbPerMinute: number;
  rowsPerMinute: number;
  bytesPerRow: number;
  closeMs: number;
  everythingMs: number;
  serversMs: number;
}

async function costOf(server: PostgresServer, servers: number): Promise<Cost> {
  const schema = `cost_${servers}`;
  let nowMs = Date.UTC(2026, 0, 1);
  const clock = { ...systemClock, nowMs: () => nowMs };
  const config = configSchema.parse({ dataDir: '/nowhere', postgres: { schema } });
  const store = await openPostgresStore({ url: server.url, clock, config });
  const { pid } = server;
  try {
    const traffic = minuteOf(servers);
    // The first minute makes the series, and is no minute of a running installation.
    await Promise.all(traffic.flatMap((build) => build(0, nowMs)).map((each) => store.append(each)));
    nowMs += MINUTE_MS;
    await store.closeMinutes(nowMs + MINUTE_MS);
    const before = await counters(server, pid, schema);
    let closeMs = 0;
    let batches = 0;
    for (let minute = 1; minute <= MINUTES; minute++) {
      const incoming = traffic.flatMap((build) => build(minute, nowMs));
      batches += incoming.length;
      await Promise.all(incoming.map((each) => store.append(each)));
      nowMs += MINUTE_MS;
      const began = performance.now();
      await store.closeMinutes(nowMs + MINUTE_MS / 4);
      closeMs += performance.now() - began;
    }
    const after = await counters(server, pid, schema);
    const range = { fromMs: nowMs - MINUTES * MINUTE_MS, toMs: nowMs };
    const everythingMs = await timed(() => store.readRollups({ ...range, filter: {}, scope: 'all', digests: true }));
    const serversMs = await timed(() => store.readRollups({ ...range, filter: {}, scope: 'server', digests: false }));
    const per = (name: keyof typeof after) => (after[name] - before[name]) / MINUTES;
    return {
      servers,
      batchesPerMinute: Math.round(batches / MINUTES),
      collectorCpuMsPerMinute: round(1000 * per('collectorCpu')),
      databaseCpuMsPerMinute: round(1000 * per('databaseCpu')),
      walKbPerMinute: round(per('walBytes') / 1024),
      rowsPerMinute: round(per('rows')),
      bytesPerRow: round((after.bytes - before.bytes) / Math.max(1, after.rows - before.rows)),
      closeMs: round(closeMs / MINUTES),
      everythingMs,
      serversMs,
    };
  } finally {
    await store.close();
    await server.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  }
}

type Build = (minute: number, startMs: number) => ReturnType<typeof incomingOf>[];

/** What each server sends in a minute. */
function minuteOf(servers: number): Build[] {
  return Array.from({ length: servers }, (_, i): Build => {
    const isBusy = i % Math.round(1 / BUSY_SHARE) === 0;
    const count = isBusy ? BATCHES_OF_BUSY : 1;
    return (minute, startMs) =>
      Array.from({ length: count }, (_, k) => {
        const atMs = startMs + ((k + 1) * MINUTE_MS) / (count + 1);
        const toolOf = (index: number) =>
          isBusy && index < TOOLS_AT_A_TIME ? `tool_${(k + index) % TOOLS_PER_SERVER}` : undefined;
        return incomingOf(batch(`instance-${i}`, minute * count + k + 1, `server-${i}`, atMs, toolOf, k === 0), atMs);
      });
  });
}

async function counters(server: PostgresServer, pid: number, schema: string) {
  const [row] = await server.query(`
    SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') wal,
      (SELECT count(*) FROM ${schema}.rollup_minute) + (SELECT count(*) FROM ${schema}.resource_minute) rows,
      (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = '${schema}' AND c.relkind = 'r' AND c.relname ~ '^(rollup|resource)_minute') bytes`);
  const { user, system } = process.cpuUsage();
  return {
    collectorCpu: (user + system) / 1e6,
    databaseCpu: cpuSecondsOfFamily(pid),
    walBytes: Number(row!.wal),
    rows: Number(row!.rows),
    bytes: Number(row!.bytes),
  };
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return round(median(times));
}

// ---- batches

let state = 42;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

/** @param toolOf names the tool of each window until there is none */
function batch(
  instance: string,
  seq: number,
  server: string,
  atMs: number,
  toolOf: (index: number) => string | undefined,
  withResources = false,
): Batch {
  const windows: Window[] = [];
  for (let name = toolOf(0); name !== undefined; name = toolOf(windows.length)) {
    const durations = Float64Array.from(
      { length: SAMPLES_PER_WINDOW },
      () => Math.round(1e3 * (5 + 90 * random())) / 1e3,
    );
    windows.push({
      server: 0,
      kind: 'tool',
      name,
      startMs: atMs - 1_000,
      endMs: atMs,
      outcomes: [SAMPLES_PER_WINDOW, 0, 0, 0, 0, 0, 0],
      digest: Digest.ofSorted(durations.sort()),
    });
  }
  const sample = { atMs, cpuPercent: 5, memoryMb: 100, memoryPercent: 2, diskIoKb: 1, eventLoopDelayMs: 0.1 };
  return {
    v: 1,
    instance,
    seq,
    process: { host: 'bench', pid: 1, runtime: 'node', sdk: 'bench 1.0.0' },
    servers: [{ name: server, version: '1.0.0' }],
    windows,
    resources: withResources ? [sample] : [],
    inFlight: [],
    dropped: {},
  };
}

function incomingOf(content: Batch, receivedAtMs: number) {
  return { batch: content, body: encodeBatch(content), receivedAtMs, skewMs: 0 };
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(100 * value) / 100;
}

export async function run(): Promise<BenchResult> {
  const server = await startPostgres({ fsync: true, settings: SERVER_SETTINGS });
  try {
    const [ones, threes]: [Throughput[], Throughput[]] = [[], []];
    for (let i = 0; i < ROUNDS; i++) {
      ones.push(await throughput(server, 1, i));
      threes.push(await throughput(server, 3, i));
    }
    const mid = (all: Throughput[], of: keyof Throughput) => median(all.map((each) => each[of]));
    const gain = mid(threes, 'windowsPerSecond') / mid(ones, 'windowsPerSecond');
    const cost = mid(threes, 'cpuSecondsPerMillionSamples') / mid(ones, 'cpuSecondsPerMillionSamples');
    const costs: Cost[] = [];
    for (const servers of SERVERS) costs.push(await costOf(server, servers));
    const [first, last] = [costs[0]!, costs.at(-1)!];
    const growth = last.servers / first.servers;
    return {
      name: 'scale',
      question:
        'What do three collectors do that one does not, and how does each cost grow with the number of servers (1/1000 of 1,000,000, and around it)?',
      rows: [
        {
          what: `one collector at ${100 * QUOTA} % of a core, series-windows/s`,
          value: Math.round(mid(ones, 'windowsPerSecond')),
          growth: '',
        },
        {
          what: `three collectors at ${100 * QUOTA} % each, series-windows/s`,
          value: Math.round(mid(threes, 'windowsPerSecond')),
          growth: round(gain),
        },
        {
          what: 'CPU seconds of collectors per million samples, one and three',
          value: `${round(mid(ones, 'cpuSecondsPerMillionSamples'))}, ${round(mid(threes, 'cpuSecondsPerMillionSamples'))}`,
          growth: round(cost),
        },
        ...(Object.keys(first) as (keyof Cost)[]).map((name) => ({
          what: name,
          value: costs.map((each) => each[name]).join(', '),
          growth: round(last[name] / first[name]),
        })),
      ],
      targets: [
        {
          target: 'three collectors take in at least 2.4 times what one does',
          value: `${round(gain)}`,
          met: gain >= 2.4,
        },
        {
          target: 'CPU seconds per million samples within 10 % from one to three',
          value: `${round(100 * (cost - 1))} %`,
          met: Math.abs(cost - 1) <= 0.1,
        },
      ],
      notes: [
        `A collector held to a part of a core by a control group. In the simulation ${100 * BUSY_SHARE} % of the servers are busy (${BATCHES_OF_BUSY} batches a minute, ${TOOLS_AT_A_TIME} of ${TOOLS_PER_SERVER} tools each); the others send a sign of life a minute. Growth is from the fewest servers to the most, which are ${growth} times as many.`,
      ],
    };
  } finally {
    await server.stop();
  }
}

await runWhenMain(import.meta.url, run);
