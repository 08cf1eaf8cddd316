import { createRequire } from 'node:module';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import type { Metric, MetricsRequest } from './otlpMessages.ts';
import { metricsRequest, metricsResponse, OtlpFormatError, rpcStatus } from './otlpMetrics.ts';

/** The serializers of the SDK's own exporters, which are the judge of what we read and write. */
interface Serializer {
  serializeRequest(metrics: ResourceMetrics): Uint8Array;
  deserializeResponse(bytes: Uint8Array): unknown;
}
const require = createRequire(import.meta.url);
const exporter = createRequire(require.resolve('@opentelemetry/exporter-metrics-otlp-proto'));
const { ProtobufMetricsSerializer, JsonMetricsSerializer } = exporter('@opentelemetry/otlp-transformer') as {
  ProtobufMetricsSerializer: Serializer;
  JsonMetricsSerializer: Serializer;
};

/** One of every kind of metric, as the SDK collects it. */
async function collectedMetrics(): Promise<ResourceMetrics> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'weather', 'process.pid': 4711, list: ['a', 'b'] }),
    readers: [reader],
    views: [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const meter = provider.getMeter('scope', '1.2.3');
  meter.createHistogram('explicit', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } }).record(0.25, {
    ok: true,
    share: 0.5,
    tool: 'ünïcode',
  });
  const exponential = meter.createHistogram('exponential');
  for (const value of [0.001, 0, 12, 4000]) exponential.record(value);
  meter.createCounter('counter').add(3);
  meter.createUpDownCounter('updown').add(-7);
  meter.createGauge('gauge').record(0.125);
  await reader.forceFlush();
  await provider.shutdown();
  return exporter.getMetrics()[0]!;
}

/** A request with every field that the SDK does not send. */
const EVERYTHING: MetricsRequest = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'k', value: { kvlistValue: { values: [{ key: 'n', value: {} }] } } }] },
      scopeMetrics: [
        {
          scope: {
            name: 's',
            version: 'v',
            attributes: [{ key: 'b', value: { bytesValue: Buffer.from([1, 2, 255]) } }],
          },
          metrics: [
            {
              name: 'm',
              description: 'd',
              unit: 'ms',
              exponentialHistogram: {
                aggregationTemporality: 1,
                dataPoints: [
                  {
                    startTimeUnixNano: 1_760_000_000_000_000_000,
                    timeUnixNano: 1_760_000_001_000_000_000,
                    count: 10,
                    sum: -1.5,
                    min: -4,
                    max: Number.POSITIVE_INFINITY,
                    scale: -3,
                    zeroCount: 2,
                    zeroThreshold: 0.5,
                    positive: { offset: -9, bucketCounts: [1, 2, 3] },
                    negative: { offset: 7, bucketCounts: [2] },
                    flags: 1,
                    exemplars: [
                      {
                        timeUnixNano: 1_760_000_000_500_000_000,
                        asDouble: 0.5,
                        traceId: Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex'),
                        spanId: Buffer.from('b7ad6b7169203331', 'hex'),
                      },
                    ],
                  },
                ],
              },
            },
            {
              name: 'q',
              summary: { dataPoints: [{ count: 3, sum: 1, quantileValues: [{ quantile: 0.5, value: 2 }] }] },
            },
          ],
        },
      ],
    },
  ],
};

describe('a request', () => {
  it('is read alike from protobuf and JSON of the SDK', async () => {
    const metrics = await collectedMetrics();
    const fromProtobuf = metricsRequest.decode(ProtobufMetricsSerializer.serializeRequest(metrics), 'protobuf');
    const fromJson = metricsRequest.decode(JsonMetricsSerializer.serializeRequest(metrics), 'json');
    const { resource, scopeMetrics } = fromProtobuf.resourceMetrics![0]!;
    expect(resource!.attributes).toContainEqual({ key: 'process.pid', value: { intValue: 4711 } });
    const byName: Record<string, Metric> = Object.fromEntries(
      scopeMetrics![0]!.metrics!.map((metric) => [metric.name!, metric]),
    );
    expect(byName.explicit).toMatchObject({
      unit: 's',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [{ count: 1, sum: 0.25, min: 0.25, max: 0.25, bucketCounts: [0, 1, 0], explicitBounds: [0.1, 1] }],
      },
    });
    const [point] = byName.exponential!.exponentialHistogram!.dataPoints!;
    expect(point).toMatchObject({ count: 4, zeroCount: 1, sum: 4012.001, max: 4000 });
    expect(point!.positive!.bucketCounts!.map(Number).reduce((sum, count) => sum + count)).toBe(3);
    expect(byName.updown!.sum!.dataPoints).toMatchObject([{ asDouble: -7 }]);
    expect(byName.counter!.sum!.isMonotonic).toBe(true);
    expect(byName.gauge!.gauge!.dataPoints).toMatchObject([{ asDouble: 0.125 }]);

    // What is zero may be written or not; written again by us, both are the same bytes.
    expect(metricsRequest.encode(fromJson, 'protobuf')).toEqual(metricsRequest.encode(fromProtobuf, 'protobuf'));
  });

  it.each(['protobuf', 'json'] as const)('survives a round trip in %s with every field', (encoding) => {
    const bytes = metricsRequest.encode(EVERYTHING, encoding);
    expect(metricsRequest.decode(bytes, encoding)).toEqual(EVERYTHING);
  });

  it('writes ids as hexadecimal and integers of 64 bits as text in JSON', () => {
    const text = Buffer.from(metricsRequest.encode(EVERYTHING, 'json')).toString();
    expect(text).toContain('"traceId":"0af7651916cd43dd8448eb211c80319c"');
    expect(text).toContain('"bucketCounts":["1","2","3"]');
    expect(text).toContain('"aggregationTemporality":1');
    expect(text).toContain('"max":"Infinity"');
  });

  it('keeps nanoseconds exact that are given as text', () => {
    const point = { timeUnixNano: '1760000000000000001' };
    const request = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [point] } }] }] }] };
    expect(Buffer.from(metricsRequest.encode(request, 'json')).toString()).toContain('"1760000000000000001"');
  });

  it('takes numbers or text for integers in JSON and skips what it does not know', () => {
    const body = {
      later: { deep: [1] },
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                { name: 'n', histogram: { dataPoints: [{ count: '5', bucketCounts: [2, '3'], newField: {} }] } },
              ],
            },
          ],
        },
      ],
    };
    const request = metricsRequest.decode(Buffer.from(JSON.stringify(body)), 'json');
    expect(request.resourceMetrics![0]!.scopeMetrics![0]!.metrics).toEqual([
      { name: 'n', histogram: { dataPoints: [{ count: 5, bucketCounts: [2, 3] }] } },
    ]);
  });

  it.each([
    ['protobuf', Buffer.from('no protobuf at all')],
    ['protobuf', metricsRequest.encode(EVERYTHING, 'protobuf').subarray(0, 40)],
    ['json', Buffer.from('{"resourceMetrics":[')],
    ['json', Buffer.from('null')],
    ['json', Buffer.from('{"resourceMetrics":7}')],
    ['json', Buffer.from('{"resourceMetrics":[null]}')],
  ] as const)('refuses what is no request in %s', (encoding, bytes) => {
    expect(() => metricsRequest.decode(bytes, encoding)).toThrow(OtlpFormatError);
  });
});

describe('an answer', () => {
  const answer = { partialSuccess: { rejectedDataPoints: 2, errorMessage: 'two points had no time' } };

  it('is understood by the exporters', () => {
    const protobuf = ProtobufMetricsSerializer.deserializeResponse(metricsResponse.encode(answer, 'protobuf'));
    expect(protobuf).toEqual(answer);
    const json = JsonMetricsSerializer.deserializeResponse(metricsResponse.encode(answer, 'json'));
    expect(json).toMatchObject({ partialSuccess: { errorMessage: 'two points had no time' } });
    expect(metricsResponse.encode({}, 'protobuf')).toHaveLength(0);
    expect(Buffer.from(metricsResponse.encode({}, 'json')).toString()).toBe('{}');
  });

  it('has errors as a status', () => {
    const status = { code: 3, message: 'The body is no request' };
    for (const encoding of ['protobuf', 'json'] as const) {
      expect(rpcStatus.decode(rpcStatus.encode(status, encoding), encoding)).toEqual(status);
    }
  });
});
