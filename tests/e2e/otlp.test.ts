/** A real OpenTelemetry SDK pushes to a real collector: its tools stand beside ours in the eight tools' answers. */
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonExporter,
} from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodedBatch, newInstance } from './support/batches.ts';
import { type Collector, countCalls, startCollector, temporaryDataDir, tokenOf } from './support/collector.ts';

const { dataDir, remove } = temporaryDataDir();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector(dataDir, ['--set', 'dashboard.cacheSeconds=0']);
});
afterAll(async () => {
  await collector.stop();
  remove();
});

/** Seconds. */
const BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
/** Exponential buckets of 160 over this range are at most so wide. */
const EXPONENTIAL_WIDTH = 2 ** (1 / 8);

interface Sender {
  record(tool: string, durationS: number, errorType?: string): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

interface SenderOptions {
  service: string;
  encoding: 'protobuf' | 'json';
  temporality: 'cumulative' | 'delta';
  buckets: 'explicit' | 'exponential';
  compression: 'gzip' | 'none';
}

function startSender({ service, encoding, temporality, buckets, compression }: SenderOptions): Sender {
  const Exporter = encoding === 'json' ? JsonExporter : ProtobufExporter;
  const exporter = new Exporter({
    url: `${collector.url}/v1/metrics`,
    headers: { authorization: `Bearer ${tokenOf(dataDir, 'ingest')}` },
    compression: compression as never,
    temporalityPreference:
      temporality === 'delta' ? AggregationTemporalityPreference.DELTA : AggregationTemporalityPreference.CUMULATIVE,
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': '3.1.4' }),
    readers: [reader],
    views:
      buckets === 'explicit'
        ? []
        : [{ instrumentName: 'mcp.*', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const advice = { explicitBucketBoundaries: BOUNDS };
  const meter = provider.getMeter('mcp');
  const durations = meter.createHistogram('mcp.server.operation.duration', { unit: 's', advice });
  // What an application measures besides is none of ours.
  meter.createCounter('http.requests').add(1);
  return {
    record(tool, durationS, errorType) {
      const failed = errorType === undefined ? {} : { 'error.type': errorType };
      durations.record(durationS, { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': tool, ...failed });
    },
    flush: () => reader.forceFlush(),
    stop: () => provider.shutdown(),
  };
}

const range = () => ({
  startTime: new Date(Date.now() - 3_600_000).toISOString(),
  endTime: new Date(Date.now() + 60_000).toISOString(),
});

interface Metrics {
  metrics: { toolName: string; value: number; count: number }[];
  summary: { totalCalls: number; avgResponseTime: number; p95ResponseTime: number; errorRate: number };
}

const metricsOf = (mcpServer: string, aggregation = 'p95') =>
  collector.tool<Metrics>('get_metrics', { mcpServer, aggregation, ...range() });

/** 200 calls from 4 to 900 ms; the 190th is 855 ms, between 0.5 and 1 s. */
const DURATIONS_S = Array.from({ length: 200 }, (_, i) => (4.5 * (i + 1) - 0.5) / 1000);
const P95_MS = 854.5;

const COMBINATIONS = (['protobuf', 'json'] as const).flatMap((encoding) =>
  (['cumulative', 'delta'] as const).flatMap((temporality) =>
    (['explicit', 'exponential'] as const).map((buckets) => ({
      encoding,
      temporality,
      buckets,
      compression: encoding === 'json' ? ('gzip' as const) : ('none' as const),
      service: `otel-${encoding}-${temporality}-${buckets}`,
    })),
  ),
);

describe.each(COMBINATIONS)('$encoding, $temporality, $buckets', (options) => {
  it('is counted exactly, and its p95 lies in its bucket', async () => {
    const sender = startSender(options);
    for (const [i, durationS] of DURATIONS_S.entries()) {
      sender.record('forecast', durationS, i % 4 === 0 ? 'tool_error' : undefined);
      // In several exports, the last of which has nothing new.
      if (i === 40 || i === 120) await sender.flush();
    }
    await sender.flush();
    await sender.flush();
    await sender.stop();
    const { metrics, summary } = await metricsOf(options.service);
    expect(metrics).toMatchObject([{ toolName: 'forecast', count: 200 }]);
    expect(summary).toMatchObject({ totalCalls: 200, errorRate: 25 });
    expect(summary.avgResponseTime).toBeCloseTo(451.75, 1);
    const [lower, upper] =
      options.buckets === 'explicit' ? [500, 1000] : [P95_MS / EXPONENTIAL_WIDTH, P95_MS * EXPONENTIAL_WIDTH];
    expect(summary.p95ResponseTime).toBeGreaterThan(lower);
    expect(summary.p95ResponseTime).toBeLessThan(Math.min(upper, 900));
  });
});

it('stands beside a server of our own in the answers of all eight tools', async () => {
  const mcpServer = 'otel-beside';
  const body = encodedBatch({ instance: newInstance(), seq: 1, server: 'ours', tools: 1, samplesPerWindow: 20 });
  expect((await collector.post(body)).status).toBe(200);
  await collector.tool('set_alert_threshold', {
    mcpServer,
    toolName: 'slow',
    metric: 'response_time',
    threshold: 400,
    severity: 'warning',
  });
  const sender = startSender({
    service: mcpServer,
    encoding: 'protobuf',
    temporality: 'cumulative',
    buckets: 'explicit',
    compression: 'gzip',
  });
  for (let i = 0; i < 30; i++) sender.record('slow', 0.7);
  await sender.flush();
  await collector.tool('track_performance', { mcpServer, toolName: 'slow', duration: 5, success: true });
  expect(await countCalls(collector, mcpServer)).toBe(31);
  const { alerts } = await collector.tool<{ alerts: { alertId: string }[] }>('get_active_alerts', { mcpServer });
  expect(alerts).toMatchObject([{ toolName: 'slow', severity: 'warning' }]);
  await collector.tool('acknowledge_alert', { alertId: alerts[0]!.alertId, acknowledgedBy: 'tester' });
  const dashboard = await collector.tool<{ mcpServers: { name: string }[] }>('get_performance_dashboard', {});
  const names = dashboard.mcpServers.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['ours', mcpServer]));
  const report = await collector.tool<{ summary: object; report: string }>('generate_performance_report', {
    mcpServer,
    ...range(),
  });
  expect(report).toMatchObject({ summary: { totalCalls: 31 }, report: expect.stringContaining('slow') });
  await collector.tool('detect_anomalies', { mcpServer, lookbackWindow: '1h' });
  await sender.stop();
});

it('counts a cumulative stream once when the collector is killed between its exports', async () => {
  const mcpServer = 'otel-killed';
  const { port } = new URL(collector.url);
  const sender = startSender({
    service: mcpServer,
    encoding: 'protobuf',
    temporality: 'cumulative',
    buckets: 'explicit',
    compression: 'none',
  });
  for (let round = 1; round <= 3; round++) {
    for (let i = 0; i < 10; i++) sender.record('forecast', 0.03);
    await sender.flush();
    await collector.kill();
    for (let i = 0; i < 5; i++) sender.record('forecast', 0.3);
    collector = await startCollector(dataDir, ['--port', port]);
    await sender.flush();
    expect(await countCalls(collector, mcpServer)).toBe(15 * round);
  }
  const { summary } = await metricsOf(mcpServer);
  expect(summary.avgResponseTime).toBeCloseTo(120, 5);
  await sender.stop();
});
