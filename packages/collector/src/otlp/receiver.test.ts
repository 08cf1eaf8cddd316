import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Config } from '../config/schema.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { MetricsRequest, Temporality } from '../protobuf/otlpMessages.ts';
import { metricsRequest } from '../protobuf/otlpMetrics.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { IncomingBatch, Store } from '../store/store.ts';
import { ManualClock, testConfig } from '../store/storeFixtures.ts';
import { describeWithPostgres, newSchema, openTestStore } from '../testing/describeWithPostgres.ts';
import { point, requestOf } from './otlpFixtures.ts';
import { pythonExplicit, pythonExponential } from './pythonFixtures.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { SOURCE_ITEMS } from './sourceState.ts';

const START_MS = Date.UTC(2025, 9, 31, 12);
const RANGE = { fromMs: START_MS - 30 * DAY_MS, toMs: START_MS + 30 * DAY_MS };

let dataDir: string;
let clock: ManualClock;
let store: Store;
let receiver: Receiver;
let settings: Parameters<typeof testConfig>[1];

const config = (): Config => testConfig(dataDir, settings);
const receiverOf = (of: Store, append = (incoming: IncomingBatch) => of.append(incoming)) =>
  createReceiver({ store: of, clock, config: config(), append });
const openStore = () => openSqliteStore({ dataDir, config: config(), clock, ballastBytes: 0 });

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-otlp-'));
  clock = new ManualClock(START_MS);
  settings = {};
  store = await openStore();
  receiver = receiverOf(store);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await store.close();
  store = await openStore();
  receiver = receiverOf(store);
}

async function series(of: Store = store) {
  const kinds = ['tool', 'prompt', 'resource', 'method', 'counter', 'gauge'] as const;
  const { rollups } = await of.readRollups({ ...RANGE, filter: { kinds }, scope: 'series', digests: true });
  return rollups;
}

async function calls(of: Store = store): Promise<number> {
  return (await series(of)).reduce((sum, { outcomes }) => sum + outcomes.reduce((all, count) => all + count), 0);
}

/** What a process with these calls so far would say now. */
const cumulative = (durationsS: readonly number[], startMs = START_MS): MetricsRequest =>
  requestOf({ points: [point({ tool: 'forecast', startMs, timeMs: clock.timeMs, durationsS })] });

interface Wrong {
  unit?: string;
  temporality?: Temporality;
  attributes?: Record<string, string>;
  timeMs?: number;
}

describe('operations', () => {
  it('become the series and outcomes that the SDK would have made of them', async () => {
    const time = { startMs: START_MS - 1000, timeMs: START_MS };
    const of = (attributes: Record<string, string>, ...durationsS: number[]) =>
      point({ ...time, attributes, durationsS });
    const tool = { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'forecast' };
    const answer = await receiver.receive(
      requestOf({
        temporality: 'delta',
        resource: { 'service.name': 'weather', 'service.version': '1.2.3', 'host.name': 'box', 'process.pid': 4711 },
        points: [
          of(tool, 0.03, 0.04),
          of({ ...tool, 'network.transport': 'pipe' }, 0.3),
          of({ ...tool, 'error.type': 'tool_error' }, 0.06),
          of({ ...tool, 'error.type': '-32603', 'rpc.response.status_code': '-32603' }, 0.07),
          of({ ...tool, 'error.type': 'timeout' }, 20),
          of({ ...tool, 'error.type': 'ValueError' }, 0.08),
          of({ 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': 'greet' }, 0.001),
          of({ 'mcp.method.name': 'resources/read', 'mcp.resource.uri': 'file:///etc/passwd' }, 0.001),
          of({ 'mcp.method.name': 'initialize', 'error.type': 'OSError' }, 0.001),
        ],
      }),
    );
    expect(answer).toEqual({});
    expect((await series()).map(({ series: { kind, name }, outcomes }) => [kind, name, outcomes.slice(0, 4)])).toEqual([
      ['resource', 'file:', [1, 0, 0, 0]],
      ['tool', 'forecast', [3, 2, 1, 1]],
      ['prompt', 'greet', [1, 0, 0, 0]],
      ['method', 'initialize', [0, 0, 1, 0]],
    ]);
    const forecast = (await series()).find(({ series: { kind } }) => kind === 'tool')!;
    expect(forecast).toMatchObject({ series: { server: 'weather' }, minMs: 30, maxMs: 20_000 });
    expect(forecast.sumMs).toBeCloseTo(20_580);
    // The fourth of seven is the one of 60 ms.
    expect(forecast.digest!.quantile(0.5)).toBeGreaterThan(50);
    expect(forecast.digest!.quantile(0.5)).toBeLessThanOrEqual(100);
    const errors = await store.readRecentErrors({ name: 'forecast' }, 10);
    expect(errors.map(({ errorClass, code }) => `${errorClass} ${code}`.trim()).sort()).toEqual([
      '-32603 -32603',
      'ValueError',
      'timeout',
      'tool_error',
    ]);
    expect(await store.listServers()).toMatchObject([{ name: 'weather', version: '1.2.3', hosts: ['box'] }]);
  });

  it('of exponential histograms, in seconds and milliseconds, keep their buckets', async () => {
    const exponential = (unit: string, scale: number, offset: number) => ({
      name: 'mcp.server.operation.duration',
      unit,
      exponentialHistogram: {
        aggregationTemporality: 1 as const,
        dataPoints: [
          {
            ...point({ tool: unit, startMs: START_MS - 1000, timeMs: START_MS, durationsS: [] }),
            bucketCounts: undefined,
            explicitBounds: undefined,
            count: 4,
            scale,
            zeroCount: 1,
            positive: { offset, bucketCounts: [1, 0, 2] },
            exemplars: [
              {
                traceId: Buffer.alloc(16, 0xab),
                spanId: Buffer.alloc(8, 0xcd),
                timeUnixNano: START_MS * 1e6,
                asDouble: 0.5,
              },
            ],
          },
        ],
      },
    });
    // 2^-2 to 2^-1 s, and 2^3 to 2^4 ms: of base 2, the first bucket and the last of three.
    await receiver.receive(requestOf({ metrics: [exponential('s', 0, -4), exponential('ms', 0, 1)] }));
    const [ms, s] = (await series()).sort((a, b) => (a.series.name < b.series.name ? -1 : 1));
    expect([ms!.digest!.count, ms!.minMs, ms!.maxMs]).toEqual([4, 0, 16]);
    expect([s!.digest!.count, s!.minMs, s!.maxMs]).toEqual([4, 0, 500]);
    expect(s!.digest!.countAbove(250)).toBe(2);
  });

  it.each<[string, Wrong, string]>([
    ['a unit that is no time', { unit: 'By' }, 'weather: mcp.server.operation.duration: the unit "By" is none of'],
    ['no temporality', { temporality: 0 }, 'the aggregation temporality is missing'],
    ['no method', { attributes: {} }, 'the attribute mcp.method.name is missing'],
    ['a time of long ago', { timeMs: START_MS - 8 * DAY_MS }, 'the time is more than a week ago'],
    ['a time to come', { timeMs: START_MS + 25 * HOUR_MS }, 'the time lies in the future'],
    ['no time', { timeMs: 0 }, 'the time is missing'],
  ])('with %s are rejected, and the others counted', async (_what, wrong, reason) => {
    const { unit = 's', temporality = 1, ...spec }: Wrong = wrong;
    const good = point({ tool: 'forecast', startMs: START_MS - 1, timeMs: START_MS, durationsS: [0.1] });
    const called = spec.attributes === undefined ? { tool: 'bad' } : {};
    const bad = point({ ...called, startMs: 0, timeMs: START_MS, durationsS: [0.1], ...spec });
    const request = requestOf({ temporality: 'delta', points: [good] });
    request.resourceMetrics![0]!.scopeMetrics![0]!.metrics!.push({
      name: 'mcp.server.operation.duration',
      unit,
      histogram: { aggregationTemporality: temporality, dataPoints: [bad] },
    });
    const { partialSuccess } = await receiver.receive(request);
    expect(partialSuccess).toMatchObject({ rejectedDataPoints: 1, errorMessage: expect.stringContaining(reason) });
    expect(await calls()).toBe(1);
  });

  it('with buckets that do not add up are rejected', async () => {
    const broken = point({ tool: 'forecast', startMs: START_MS - 1, timeMs: START_MS, durationsS: [0.1] });
    const wrong = [
      { ...broken, count: 2 },
      { ...broken, bucketCounts: [1] },
      { ...broken, explicitBounds: [3, 2], bucketCounts: [0, 1, 0] },
    ];
    const { partialSuccess } = await receiver.receive(requestOf({ temporality: 'delta', points: wrong }));
    expect(partialSuccess!.rejectedDataPoints).toBe(3);
    expect(await calls()).toBe(0);
  });
});

describe('a cumulative stream', () => {
  it('is counted by what came since, over restarts, repeats and beginnings anew', async () => {
    await receiver.receive(cumulative([0.1, 0.1]));
    clock.timeMs += MINUTE_MS;
    const second = cumulative([0.1, 0.1, 0.3]);
    await receiver.receive(second);
    expect(await calls()).toBe(3);
    await restart();
    await receiver.receive(second);
    expect(await calls()).toBe(3);
    clock.timeMs += MINUTE_MS;
    await receiver.receive(cumulative([0.1, 0.1, 0.3, 0.7, 0.7]));
    expect(await calls()).toBe(5);
    // The process began anew.
    clock.timeMs += MINUTE_MS;
    await receiver.receive(cumulative([0.1], clock.timeMs - 10_000));
    // Its counts fell, without another start.
    await receiver.receive(cumulative([], START_MS));
    expect(await calls()).toBe(6);
    const { rollups } = await store.readRollups({
      ...RANGE,
      filter: {},
      scope: 'series',
      groupBy: 'minute',
      digests: true,
    });
    expect(rollups.map(({ startMs, outcomes }) => [(startMs - START_MS) / MINUTE_MS, outcomes[0]])).toEqual([
      [-1, 2],
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
    // What came since lies in the bucket of 0.5 to 1 s, and the greatest of all is 0.7.
    expect(rollups[2]).toMatchObject({ minMs: 500, maxMs: 700 });
  });

  it('that was there before us is counted from the first time on that we hear of it', async () => {
    await receiver.receive(cumulative([0.1, 0.1], START_MS - DAY_MS));
    expect(await calls()).toBe(0);
    clock.timeMs += MINUTE_MS;
    await receiver.receive(cumulative([0.1, 0.1, 0.3], START_MS - DAY_MS));
    expect(await calls()).toBe(1);
  });

  it('that is new in a process we know began at zero, whatever its start', async () => {
    const requests = { name: 'http.server.request.duration', unit: 's', histogram: { dataPoints: [] } };
    await receiver.receive(requestOf({ metrics: [requests] }));
    expect(await store.listServers()).toEqual([]);
    await receiver.receive(cumulative([0.1, 0.1], START_MS - DAY_MS));
    expect(await calls()).toBe(2);
  });

  it('of two processes that say they are one is not counted again and again', async () => {
    const counts: [number[], number[]] = [[], []];
    for (let round = 0; round < 10; round++) {
      clock.timeMs += MINUTE_MS;
      for (const [process, durations] of counts.entries()) {
        durations.push(0.1);
        await receiver.receive(cumulative(durations, START_MS + process));
      }
    }
    expect(await calls()).toBe(20);
  });

  let runs = 0;

  it('counts every call once, whatever is repeated, lost on the way back, restarted or begins anew', async () => {
    const step = fc.record({
      calls: fc.array(fc.constantFrom(0.005, 0.04, 0.3, 7), { maxLength: 3 }),
      next: fc.constantFrom('send', 'send', 'send twice', 'restart', 'fail', 'begin anew', 'wait'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.constantFrom('cumulative', 'delta'),
        async (steps, temporality) => {
          const before = await calls();
          const resource = { 'service.name': 'weather', run: String(++runs) };
          let startMs = clock.timeMs;
          let reported: number[] = [];
          let made = 0;
          const send = async (to = receiver) => {
            const spec = { tool: 'forecast', startMs, timeMs: clock.timeMs, durationsS: reported };
            const points = temporality === 'delta' && reported.length === 0 ? [] : [point(spec)];
            await to.receive(requestOf({ resource, temporality, points }));
          };
          const sent = () => {
            if (temporality === 'delta') reported = [];
            if (temporality === 'delta') startMs = clock.timeMs;
          };
          await send();
          for (const { calls: durations, next } of steps) {
            clock.timeMs += 30_000;
            reported = [...reported, ...durations];
            made += durations.length;
            if (next === 'wait') continue;
            if (next === 'restart') await restart();
            // Stored, but the answer is lost: the sender tries again.
            if (next === 'fail') await send(lossy()).catch((error: Error) => expect(error.message).toBe('lost'));
            if (next === 'send twice') await send();
            await send();
            sent();
            if (next === 'begin anew') {
              reported = [];
              startMs = clock.timeMs;
            }
          }
          clock.timeMs += 30_000;
          await send();
          expect((await calls()) - before).toBe(made);
        },
      ),
      { numRuns: 25 * inject('thoroughness') },
    );
  });
});

/** Stores, and fails to say so. */
function lossy(): Receiver {
  return receiverOf(store, async (incoming) => {
    await store.append(incoming);
    throw new Error('lost');
  });
}

describe('a process', () => {
  it('tells what it uses, and is no server by that alone', async () => {
    const sum = (name: string, unit: string, asDouble: number, isMonotonic: boolean) => ({
      name,
      unit,
      sum: {
        isMonotonic,
        aggregationTemporality: 2 as const,
        dataPoints: [{ startTimeUnixNano: START_MS * 1e6, timeUnixNano: clock.timeMs * 1e6, asDouble }],
      },
    });
    const usage = (cpuS: number) => [
      sum('process.memory.usage', 'By', 104_857_600, false),
      sum('process.cpu.time', 's', cpuS, true),
      sum('process.disk.io', 'By', cpuS * 1024, true),
    ];
    await receiver.receive(requestOf({ metrics: usage(1) }));
    expect(await store.listServers()).toEqual([]);
    const at = () => [point({ tool: 'forecast', startMs: START_MS, timeMs: clock.timeMs, durationsS: [0.1] })];
    await receiver.receive(requestOf({ points: at(), metrics: usage(1) }));
    clock.timeMs += MINUTE_MS;
    await receiver.receive(requestOf({ points: at(), metrics: usage(31) }));
    const range = { fromMs: START_MS, toMs: START_MS + HOUR_MS };
    expect(await store.readResources(range, 'weather', 'range')).toMatchObject([
      { memoryMbAvg: 100, cpuPercentMax: 50, diskIoKb: 30 },
    ]);
    expect((await store.listServers())[0]).toMatchObject({ liveInstances: 1 });
  });

  it('sends further metrics, of which those are kept that are asked for', async () => {
    settings = { otlp: { metrics: ['app.*'] } };
    receiver = receiverOf(store);
    const number = (asInt: number) => ({
      attributes: [{ key: 'queue', value: { stringValue: 'mail' } }],
      startTimeUnixNano: START_MS * 1e6,
      timeUnixNano: clock.timeMs * 1e6,
      asInt,
    });
    const metrics = (jobs: number, depth: number) => [
      { name: 'app.jobs', sum: { isMonotonic: true, aggregationTemporality: 2 as const, dataPoints: [number(jobs)] } },
      { name: 'app.depth', gauge: { dataPoints: [number(depth)] } },
      { name: 'other.gauge', gauge: { dataPoints: [number(depth)] } },
    ];
    await receiver.receive(requestOf({ metrics: metrics(5, -3) }));
    clock.timeMs += MINUTE_MS;
    await receiver.receive(requestOf({ metrics: metrics(12, 8) }));
    const kept = (await series()).map(({ series: { kind, name }, sumMs, maxMs }) => [kind, name, sumMs, maxMs]);
    expect(kept).toEqual([
      ['gauge', 'app_depth{queue="mail"}', 5, 8],
      ['counter', 'app_jobs{queue="mail"}', 12, 7],
    ]);
  });

  it('that has nothing new is alive all the same', async () => {
    await receiver.receive(cumulative([0.1]));
    for (let minute = 0; minute < 3; minute++) {
      clock.timeMs += MINUTE_MS;
      await receiver.receive(requestOf({ metrics: [{ name: 'other' }] }));
    }
    expect((await store.listServers())[0]).toMatchObject({ lastSeenMs: clock.timeMs, liveInstances: 1 });
  });

  it('whose clock is ahead is corrected, as ours are', async () => {
    const ahead = { startMs: START_MS, timeMs: START_MS + HOUR_MS, durationsS: [0.1] };
    await receiver.receive(requestOf({ temporality: 'delta', points: [point({ tool: 'forecast', ...ahead })] }));
    expect((await store.readMinutes(RANGE, {}))[0]!.minuteMs[0]).toBe(START_MS - MINUTE_MS);
  });

  it('is forgotten after a day without a word, and there are not too many', async () => {
    settings = { otlp: { maxSources: 2, maxStreams: 1 } };
    receiver = receiverOf(store);
    const from = (pid: number) =>
      receiver.receive(
        requestOf({
          resource: { 'service.name': 'weather', 'process.pid': pid },
          points: [point({ tool: 'forecast', startMs: clock.timeMs - 1, timeMs: clock.timeMs, durationsS: [0.1] })],
        }),
      );
    await from(1);
    await from(2);
    expect(await from(3)).toMatchObject({
      partialSuccess: { rejectedDataPoints: 1, errorMessage: expect.stringContaining('too many processes') },
    });
    clock.timeMs += MINUTE_MS;
    // Another start is another stream.
    expect(await from(1)).toMatchObject({
      partialSuccess: { rejectedDataPoints: 1, errorMessage: expect.stringContaining('more than 1 streams') },
    });
    clock.timeMs += 2 * DAY_MS;
    await receiver.forgetOld();
    expect(await store.readItems(SOURCE_ITEMS)).toEqual([]);
    expect(await from(3)).toEqual({});
    expect(await calls()).toBe(3);
  });

  it('is counted on when what was remembered of it cannot be read, or is older than what was stored', async () => {
    await receiver.receive(cumulative([0.1]));
    const [before] = await store.readItems(SOURCE_ITEMS);
    clock.timeMs += MINUTE_MS;
    await receiver.receive(cumulative([0.1, 0.1]));
    await store.saveItems(SOURCE_ITEMS, [before!]);
    await restart();
    clock.timeMs += MINUTE_MS;
    await receiver.receive(cumulative([0.1, 0.1, 0.1]));
    expect(await calls()).toBe(4);
    await store.saveItems(SOURCE_ITEMS, [{ key: before!.key, value: { streams: 'gone' } }]);
    await restart();
    clock.timeMs += MINUTE_MS;
    await receiver.receive(cumulative([0.1, 0.1, 0.1, 0.1]));
    expect(await calls()).toBe(8);
  });
});

describe('a server in Python', () => {
  const sent = (request: MetricsRequest) =>
    metricsRequest.decode(metricsRequest.encode(request, 'protobuf'), 'protobuf');

  it('is counted exactly, and its quantiles are as good as its buckets', async () => {
    expect(await receiver.receive(sent(pythonExplicit(START_MS - 5_000, START_MS)))).toEqual({});
    const [forecast] = await series();
    expect(forecast).toMatchObject({
      series: { server: 'python-weather', kind: 'tool', name: 'forecast' },
      outcomes: [40, 2, 0, 0, 0, 0, 0],
      sumMs: 48_000,
      minMs: 100,
      maxMs: 3_500,
    });
    expect(forecast!.digest!.quantile(0.95)).toBeGreaterThan(100);
    expect(forecast!.digest!.quantile(0.95)).toBeLessThanOrEqual(3_500);
    expect((await store.readRecentErrors({}, 5))[0]).toMatchObject({ errorClass: 'ConnectionError', code: '' });
    const range = { fromMs: START_MS - MINUTE_MS, toMs: START_MS };
    expect(await store.readResources(range, 'python-weather', 'range')).toMatchObject([{ memoryMbAvg: 70 }]);
  });

  it('with exponential histograms has a p95 to within a bucket of scale 3', async () => {
    await receiver.receive(sent(pythonExponential(START_MS - 5_000, START_MS)));
    const [forecast] = await series();
    expect(forecast).toMatchObject({ sumMs: 50_500, minMs: 10, maxMs: 1_000 });
    const p95Ms = forecast!.digest!.quantile(0.95);
    expect(Math.abs(Math.log2(p95Ms / 950))).toBeLessThan(1 / 8);
  });
});

describeWithPostgres('several collectors', (server) => {
  it('count each call once, whichever of them a request goes to, and also when it goes to all at once', async () => {
    const schema = newSchema();
    const stores = await Promise.all([1, 2, 3].map(() => openTestStore(server(), schema, clock)));
    const receivers = stores.map((each) => receiverOf(each));
    const durations: number[] = [];
    for (let round = 0; round < 12; round++) {
      clock.timeMs += 10_000;
      durations.push(0.1, 0.2);
      const request = cumulative(durations);
      const to = round % 3 === 0 ? receivers : [receivers[round % 3]!];
      await Promise.all(to.map((each) => each.receive(request)));
    }
    expect(await calls(stores[0])).toBe(24);
    for (const each of stores) await each.close();
  });
});
