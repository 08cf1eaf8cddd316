import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigInput } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import { HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { MetricsRequest } from '../protobuf/otlpMessages.ts';
import { metricsResponse } from '../protobuf/otlpMetrics.ts';
import { type FilledStore, openFilledStore, testResources } from '../testing/filledStore.ts';
import {
  forwardNow,
  openForwarding,
  otlpOf,
  type Received,
  type Receiver,
  startReceiver,
  writeRequestOf,
} from './forwardFixtures.ts';
import type { Forwarder } from './service.ts';

const START_MS = Date.UTC(2025, 9, 31, 12, 0);

let receiver: Receiver;
let filled: FilledStore;
let forwarding: Forwarder;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await forwarding.close();
  await receiver.stop();
  await filled.close();
});

async function open(forward: ConfigInput['forward'], more: Partial<ConfigInput> = {}): Promise<void> {
  filled = await openFilledStore(START_MS, { forward, ...more });
  forwarding = openForwarding(filled);
  await forwardNow(filled, forwarding);
}

/** Calls in the minute that the clock is in. */
function call(durationsMs: readonly number[], failures = 0, atMs = filled.clock.nowMs() + 1_000): Promise<void> {
  return filled.record([{ server: 'files', tool: 'read', atMs, durationsMs, failures }]);
}

/** To the moment at which the minute that the clock is in is forwarded. */
async function passMinute(): Promise<void> {
  filled.clock.advance(MINUTE_MS + 11_000);
  await forwardNow(filled, forwarding);
  filled.clock.advance(-11_000);
}

/** Values of a family's samples by time, in the order of arrival. */
function written(name: string, labels: Record<string, string> = {}): { timestamp: number; value: number }[] {
  return receiver.taken
    .flatMap((request) => writeRequestOf(request).timeseries)
    .filter((series) => {
      const given = Object.fromEntries(series.labels.map((label) => [label.name, label.value]));
      return given.__name__ === name && Object.entries(labels).every(([label, value]) => given[label] === value);
    })
    .flatMap(({ samples }) => samples);
}

function points(request: MetricsRequest, name: string) {
  const metrics = (request.resourceMetrics ?? []).flatMap(({ scopeMetrics = [] }) =>
    scopeMetrics.flatMap(({ metrics: each = [] }) => each),
  );
  return metrics.filter((metric) => metric.name === name);
}

function operations(): { count: number; sum: number; start: number; time: number }[] {
  return receiver.taken.flatMap((request: Received) =>
    points(otlpOf(request), 'mcp.server.operation.duration').flatMap(({ exponentialHistogram }) =>
      (exponentialHistogram?.dataPoints ?? []).map((point) => ({
        count: Number(point.count),
        sum: point.sum!,
        start: Number(point.startTimeUnixNano) / 1e6,
        time: Number(point.timeUnixNano) / 1e6,
      })),
    ),
  );
}

describe('remote write', () => {
  it('sends running totals at the end of each minute, as /metrics would show them', async () => {
    await open({ remoteWrite: { url: receiver.url, bearerToken: 'secret-token' } });
    await call([5, 20, 300], 1);
    await passMinute();
    await call([20]);
    await passMinute();

    const [first] = receiver.taken;
    expect(first!.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      authorization: 'Bearer secret-token',
    });
    for (const { labels } of receiver.taken.flatMap((each) => writeRequestOf(each).timeseries)) {
      expect(labels.map(({ name }) => name)).toEqual(labels.map(({ name }) => name).toSorted());
    }
    const [one, two] = [START_MS + MINUTE_MS, START_MS + 2 * MINUTE_MS];
    const tool = { server: 'files', tool: 'read' };
    expect(written('mcp_tool_requests_total', { ...tool, status: 'success' })).toEqual([
      { timestamp: one, value: 2 },
      { timestamp: two, value: 3 },
    ]);
    expect(written('mcp_tool_requests_total', { ...tool, status: 'error' }).map(({ value }) => value)).toEqual([1, 1]);
    const bucket = (le: string) => written('mcp_tool_request_duration_seconds_bucket', { ...tool, le }).at(-1)!.value;
    expect(['0.01', '0.05', '0.25', '0.5', '+Inf'].map(bucket)).toEqual([1, 3, 3, 4, 4]);
    expect(written('mcp_tool_request_duration_seconds_sum', tool).at(-1)!.value).toBeCloseTo(0.345, 9);
    expect(written('mcp_server_operation_duration_seconds_count', { gen_ai_tool_name: 'read' }).at(-1)!.value).toBe(4);
    expect(written('up', { server: 'files' }).map(({ value }) => value)).toEqual([1, 1]);
  });

  it('folds what a server measures itself into the families of /metrics', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    const atMs = START_MS + 1_000;
    await filled.record(
      [
        { server: 'files', tool: 'cache_hits{cache="users"}', kind: 'counter', atMs, durationsMs: [7] },
        { server: 'files', tool: 'queue_length', kind: 'gauge', atMs, durationsMs: [3] },
        { server: 'files', tool: 'database_query{query_type="select"}', kind: 'custom', atMs, durationsMs: [4, 6] },
        { server: 'files', tool: 'file:///a', kind: 'resource', atMs, durationsMs: [1] },
        { server: 'files', tool: 'file:///b', kind: 'resource', atMs, durationsMs: [1, 2] },
      ],
      { resources: [testResources(atMs, { memoryMb: 10, cpuPercent: 50, diskIoKb: 2 })] },
    );
    await passMinute();
    const last = (name: string, labels = {}) => written(name, labels).at(-1)?.value;
    expect(last('mcp_cache_hits_total', { cache: 'users' })).toBe(7);
    expect(last('mcp_custom_queue_length')).toBe(3);
    expect(last('mcp_database_queries_total', { query_type: 'select' })).toBe(2);
    expect(last('mcp_database_query_duration_seconds_bucket', { query_type: 'select', le: '0.005' })).toBe(1);
    expect(last('mcp_server_operation_duration_seconds_count', { mcp_method_name: 'resources/read' })).toBe(3);
    expect(last('mcp_memory_usage_bytes', { type: 'rss' })).toBe(10 * 1_048_576);
    expect(last('mcp_cpu_usage_ratio')).toBe(0.5);
    expect(last('mcp_disk_io_bytes_total')).toBe(2048);
  });

  it('says that series have ended when a server is gone', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    await call([1]);
    for (let minute = 0; minute < 4; minute++) await passMinute();
    const counts = written('mcp_tool_request_duration_seconds_count').map(({ value }) => value);
    expect(counts).toEqual([1, 1, Number.NaN]);
    // The one NaN that means it, in the bytes that a receiver reads.
    const bits = Buffer.from([2, 0, 0, 0, 0, 0, 0xf0, 0x7f]);
    const bodies = await Promise.all(
      receiver.taken.map(async ({ body }) => (await import('snappyjs')).uncompress(body)),
    );
    expect(bodies.some((body) => Buffer.from(body).includes(bits))).toBe(true);
    expect(written('up').map(({ value }) => value)).toEqual([1, 1, 0, 0]);
    await call([1]);
    await passMinute();
    expect(written('mcp_tool_request_duration_seconds_count').at(-1)!.value).toBe(2);
  });
});

describe('OTLP', () => {
  it('sends exponential histograms under the names of the conventions', async () => {
    await open({ otlp: { endpoint: receiver.url, headers: { 'X-Key': 'k' } } });
    await call([10, 20, 40, 4000], 1);
    await passMinute();
    const [request] = receiver.taken;
    expect(request!.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'x-key': 'k',
    });
    const message = otlpOf(request!);
    expect(message.resourceMetrics![0]!.resource!.attributes).toEqual([
      { key: 'service.name', value: { stringValue: 'files' } },
      { key: 'service.version', value: { stringValue: '1.2.3' } },
    ]);
    const [duration] = points(message, 'mcp.server.operation.duration');
    expect(duration).toMatchObject({ unit: 's', exponentialHistogram: { aggregationTemporality: 2 } });
    const [point] = duration!.exponentialHistogram!.dataPoints!;
    expect(point).toMatchObject({ count: 4, sum: 4.07, min: 0.01, max: 4 });
    expect(point!.positive!.bucketCounts!.reduce<number>((sum, count) => sum + Number(count), 0)).toBe(4);
    expect(point!.attributes!.map(({ key, value }) => [key, value?.stringValue])).toEqual([
      ['mcp.method.name', 'tools/call'],
      ['gen_ai.operation.name', 'execute_tool'],
      ['gen_ai.tool.name', 'read'],
    ]);
    const [errors] = points(message, 'mcp.server.operation.errors');
    expect(errors!.sum!.dataPoints![0]).toMatchObject({ asInt: 1 });
  });

  it('lets a receiver read the p99 of the tools, to the width of a bucket', async () => {
    await open({ otlp: { endpoint: receiver.url } });
    const durations = (minute: number) =>
      Array.from({ length: 3_000 }, (_, i) => 2 * Math.exp(((i * 7_919 + minute * 31) % 1_009) / 160));
    for (let minute = 0; minute < 3; minute++) {
      await call(durations(minute));
      await passMinute();
    }
    const own = await filled.store.readRollups({
      fromMs: START_MS,
      toMs: START_MS + 3 * MINUTE_MS,
      filter: {},
      scope: 'series',
      digests: true,
    });
    const [duration] = points(otlpOf(receiver.taken.at(-1)!), 'mcp.server.operation.duration');
    const point = duration!.exponentialHistogram!.dataPoints![0]!;
    expect(Number(point.count)).toBe(9_000);
    for (const q of [0.5, 0.95, 0.99]) {
      let before = Number(point.zeroCount ?? 0);
      const at = point.positive!.bucketCounts!.findIndex((count) => {
        before += Number(count);
        return before >= q * 9_000;
      });
      const base = 2 ** (2 ** -point.scale!);
      const read = base ** (point.positive!.offset! + at + 0.5);
      expect(base).toBeLessThan(1.1);
      expect(Math.abs(Math.log(read / (own.rollups[0]!.digest!.quantile(q) / 1000)))).toBeLessThan(Math.log(base));
    }
  });

  it('links a minute to the newest trace that was seen in it', async () => {
    await open({ otlp: { endpoint: receiver.url, compression: 'none' } });
    await call([10]);
    const exemplar = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), valueMs: 10, atMs: START_MS + 500 };
    const window = { server: 0, kind: 'tool', name: 'read', exemplar } as never;
    forwarding.observe({ servers: [{ name: 'files', version: '' }], windows: [window] } as never, 0);
    await passMinute();
    await passMinute();
    const [first, second] = receiver.taken.map(
      (each) => points(otlpOf(each), 'mcp.server.operation.duration')[0]!.exponentialHistogram!.dataPoints![0]!,
    );
    expect(first!.exemplars).toMatchObject([{ asDouble: 0.01, traceId: Buffer.from('ab'.repeat(16), 'hex') }]);
    expect(second!.exemplars).toBeUndefined();
  });

  it('sends differences where the receiver wants them', async () => {
    await open({ otlp: { endpoint: receiver.url, temporality: 'delta' } });
    await call([10, 10]);
    await passMinute();
    await call([30]);
    await passMinute();
    expect(operations()).toEqual([
      { count: 2, sum: 0.02, start: START_MS, time: START_MS + MINUTE_MS },
      { count: 1, sum: 0.03, start: START_MS + MINUTE_MS, time: START_MS + 2 * MINUTE_MS },
    ]);
  });

  it('counts what a partial success says was not taken', async () => {
    await open({ otlp: { endpoint: receiver.url } });
    const partialSuccess = { rejectedDataPoints: 1, errorMessage: 'too old' };
    receiver.reply = () => ({ status: 200, body: metricsResponse.encode({ partialSuccess }, 'protobuf') });
    await call([1]);
    await passMinute();
    expect(forwarding.status()[0]).toMatchObject({ lastRefusal: 'too old', counts: { rejectedPoints: 1 } });
  });
});

describe('when something fails', () => {
  it('sends everything once, in order, after the receiver was down for ten minutes', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    await call([1]);
    await passMinute();
    receiver.reply = () => ({ status: 503 });
    for (let minute = 0; minute < 10; minute++) {
      await call([1, 2, 3], 1);
      await passMinute();
    }
    const asked = receiver.asked;
    expect(asked).toBeLessThan(12);
    expect(forwarding.status()[0]).toMatchObject({ lagMinutes: 10, error: 'it answered 503' });
    expect(forwarding.failing()).toEqual([]);
    filled.clock.advance(5 * MINUTE_MS);
    expect(forwarding.failing()).toMatchObject([{ name: 'remoteWrite' }]);
    receiver.reply = () => ({ status: 200 });
    await forwardNow(filled, forwarding);
    const counts = written('mcp_tool_request_duration_seconds_count').slice(0, 11);
    expect(counts).toEqual(
      Array.from({ length: 11 }, (_, i) => ({ timestamp: START_MS + (i + 1) * MINUTE_MS, value: 1 + 3 * i })),
    );
    expect(forwarding.failing()).toEqual([]);
  });

  it('waits for as long as the receiver asks for', async () => {
    await open({ otlp: { endpoint: receiver.url } });
    receiver.reply = () => ({ status: 429, headers: { 'retry-after': '600' } });
    await call([1]);
    await passMinute();
    expect(receiver.asked).toBe(1);
    receiver.reply = () => ({ status: 200 });
    filled.clock.advance(9 * MINUTE_MS);
    await forwardNow(filled, forwarding);
    expect(receiver.asked).toBe(1);
    filled.clock.advance(MINUTE_MS + 11_000);
    await forwardNow(filled, forwarding);
    expect(operations()[0]).toMatchObject({ count: 1 });
  });

  it('drops a request that is refused, counts it, and goes on', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    receiver.reply = () => ({ status: 400, body: Buffer.from('out of order sample') });
    await call([1]);
    await passMinute();
    receiver.reply = () => ({ status: 200 });
    await call([1]);
    await passMinute();
    expect(written('mcp_tool_request_duration_seconds_count').map(({ value }) => value)).toEqual([2]);
    const [status] = forwarding.status();
    expect(status).toMatchObject({ lastRefusal: 'it answered 400: out of order sample', failures: 0 });
    expect(status!.counts.refusedPoints).toBeGreaterThan(0);
  });

  it.each([301, 401, 404])('keeps its place while the answer is %i, which is about the address', async (status) => {
    await open({ remoteWrite: { url: receiver.url } });
    receiver.reply = () => ({ status, headers: { location: receiver.url } });
    await call([1]);
    await passMinute();
    expect(receiver.asked).toBe(1);
    receiver.reply = () => ({ status: 200 });
    filled.clock.advance(MINUTE_MS);
    await forwardNow(filled, forwarding);
    expect(written('mcp_tool_request_duration_seconds_count')[0]).toMatchObject({ value: 1 });
  });

  it('sends the same again when the process died before it had saved what was taken', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    await call([1, 2]);
    await passMinute();
    await forwarding.close();
    const dying = { ...storeParts(), saveItems: () => Promise.reject(new VitalsError('unavailable', 'killed')) };
    forwarding = openForwarding(filled, { store: dying });
    await call([3]);
    await expect(passMinute()).rejects.toThrow('killed');
    await forwarding.close();
    forwarding = openForwarding(filled);
    await forwardNow(filled, forwarding);
    await passMinute();
    const end = (minutes: number) => START_MS + minutes * MINUTE_MS;
    expect(written('mcp_tool_request_duration_seconds_count')).toEqual([
      { timestamp: end(1), value: 2 },
      { timestamp: end(2), value: 3 },
      { timestamp: end(2), value: 3 },
      { timestamp: end(3), value: 3 },
    ]);
  });

  it('forwards hours where minutes are gone, and says what is lost of an hour that was begun', async () => {
    await open({ remoteWrite: { url: receiver.url } }, { retention: { minuteHours: 1 } });
    await call([1]);
    await passMinute();
    receiver.reply = () => ({ status: 503 });
    for (let hour = 0; hour < 5; hour++) {
      await call([1, 1]);
      filled.clock.advance(HOUR_MS);
      await filled.store.closeMinutes(filled.clock.nowMs());
      await filled.store.rollUp(filled.clock.nowMs());
      await forwarding.tick(filled.clock.nowMs());
    }
    await filled.store.applyRetention(filled.clock.nowMs());
    receiver.reply = () => ({ status: 200 });
    filled.clock.advance(HOUR_MS / 4);
    await forwardNow(filled, forwarding);
    const counts = written('mcp_tool_request_duration_seconds_count').filter(({ value }) => !Number.isNaN(value));
    // The minute on its way was in memory; the rest of the first hour is lost, and there was nothing in it.
    expect(counts.at(-1)!.value).toBe(11);
    expect(counts.some(({ timestamp }) => timestamp % HOUR_MS === 0)).toBe(true);
    expect(forwarding.status()[0]!.counts.lostMinutes).toBe(58);
  });
});

/** The methods of the store, to be replaced one by one. */
function storeParts() {
  const { store } = filled;
  return Object.fromEntries(
    (
      [
        'scanRollups',
        'readResources',
        'readRecentErrors',
        'readRollups',
        'readItems',
        'deleteItems',
        'listServers',
        'saveItems',
        'keepLate',
      ] as const
    ).map((name) => [name, (store[name] as (...args: never[]) => unknown).bind(store)]),
  ) as unknown as typeof store;
}

describe('late windows', () => {
  it('go out with the next minute, once, and across restarts', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    await call([1]);
    await passMinute();
    await call([2, 2], 0, START_MS + 2_000);
    await filled.store.closeMinutes(filled.clock.nowMs() + 11_000);
    expect(await filled.store.readItems('late')).toHaveLength(1);
    await forwarding.close();
    forwarding = openForwarding(filled);
    await passMinute();
    await passMinute();
    expect(written('mcp_tool_request_duration_seconds_count').map(({ value }) => value)).toEqual([1, 3, 3]);
    expect(await filled.store.readItems('late')).toEqual([]);
  });

  it('are counted once when they come to a minute that waits to be sent', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    receiver.reply = () => ({ status: 503 });
    await call([1]);
    await passMinute();
    await call([5, 5], 0, START_MS + 3_000);
    filled.clock.advance(11_000);
    await forwardNow(filled, forwarding);
    // A process that dies here reads the minute again, with what was late to it.
    await forwarding.close();
    receiver.reply = () => ({ status: 200 });
    forwarding = openForwarding(filled);
    filled.clock.advance(-11_000);
    await passMinute();
    expect(written('mcp_tool_request_duration_seconds_count').map(({ value }) => value)).toEqual([3, 3]);
    expect(await filled.store.readItems('late')).toEqual([]);
  });

  it('of a server that was not known before are not lost either', async () => {
    await open({ remoteWrite: { url: receiver.url } });
    await call([1]);
    await passMinute();
    const old = { server: 'spooled', tool: 'read', atMs: START_MS - 5 * MINUTE_MS, durationsMs: [7, 7, 7] };
    await filled.record([old]);
    await passMinute();
    await passMinute();
    const counts = written('mcp_tool_request_duration_seconds_count', { server: 'spooled' });
    expect(counts.map(({ value }) => value)).toContain(3);
    expect(counts.every(({ value }) => value === 3 || Number.isNaN(value))).toBe(true);
  });
});
