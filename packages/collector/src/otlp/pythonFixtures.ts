/**
 * What exporters of opentelemetry-python 1.x (`opentelemetry-exporter-otlp-proto-http`) send, made by hand from its source
 * and the protocol, not recorded: cumulative, a start per set of attributes, the default boundaries although the unit is
 * seconds, empty negative buckets, class names of exceptions as `error.type`, and what else an application measures.
 */
import type { KeyValue, MetricsRequest } from '../protobuf/otlpMessages.ts';
import { attributes, nanos } from './otlpFixtures.ts';

/** The SDK's default, which is meant for milliseconds: all that takes up to 5 s is in one bucket. */
const DEFAULT_BOUNDS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

const RESOURCE = attributes({
  'telemetry.sdk.language': 'python',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '1.36.0',
  'service.name': 'python-weather',
  'process.runtime.name': 'cpython',
  'process.runtime.version': '3.12.4',
});

const forecast = (more: Record<string, string> = {}): KeyValue[] =>
  attributes({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'forecast',
    'network.transport': 'pipe',
    ...more,
  });

/** 40 calls of 0.1 to 2 s that went well and 2 that raised, in explicit buckets. */
export function pythonExplicit(startMs: number, timeMs: number): MetricsRequest {
  const time = { startTimeUnixNano: nanos(startMs), timeUnixNano: nanos(timeMs) };
  const counts = (count: number) => DEFAULT_BOUNDS.map((_, i) => (i === 1 ? count : 0)).concat(0);
  const points = [
    { ...time, attributes: forecast(), count: 40, sum: 42, min: 0.1, max: 2, bucketCounts: counts(40) },
    {
      ...time,
      attributes: forecast({ 'error.type': 'ConnectionError' }),
      count: 2,
      sum: 6,
      min: 2.5,
      max: 3.5,
      bucketCounts: counts(2),
    },
  ].map((point) => ({ ...point, explicitBounds: DEFAULT_BOUNDS, flags: 0, exemplars: [] }));
  const histogram = { aggregationTemporality: 2 as const, dataPoints: points };
  return requestWith({ histogram }, timeMs);
}

/** 100 calls from 10 ms to 1 s in exponential buckets of scale 3, as with OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION. */
export function pythonExponential(startMs: number, timeMs: number): MetricsRequest {
  const durationsS = Array.from({ length: 100 }, (_, i) => (i + 1) / 100);
  const scale = 3;
  const indexOf = (value: number) => Math.ceil(Math.log2(value) * 2 ** scale) - 1;
  const offset = indexOf(durationsS[0]!);
  const bucketCounts = new Array<number>(indexOf(1) - offset + 1).fill(0);
  for (const durationS of durationsS) bucketCounts[indexOf(durationS) - offset]! += 1;
  const point = {
    attributes: forecast(),
    startTimeUnixNano: nanos(startMs),
    timeUnixNano: nanos(timeMs),
    count: 100,
    sum: 50.5,
    min: 0.01,
    max: 1,
    scale,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: { offset, bucketCounts },
    negative: { offset: 0, bucketCounts: [0] },
    flags: 0,
  };
  return requestWith({ exponentialHistogram: { aggregationTemporality: 2 as const, dataPoints: [point] } }, timeMs);
}

function requestWith(data: object, timeMs: number): MetricsRequest {
  const operations = { name: 'mcp.server.operation.duration', description: 'MCP request duration', unit: 's', ...data };
  const memory = {
    name: 'process.memory.usage',
    unit: 'By',
    sum: {
      aggregationTemporality: 2 as const,
      isMonotonic: false,
      dataPoints: [{ startTimeUnixNano: 0, timeUnixNano: nanos(timeMs), asInt: 73_400_320 }],
    },
  };
  return {
    resourceMetrics: [
      {
        resource: { attributes: RESOURCE },
        scopeMetrics: [
          { scope: { name: 'fastmcp', version: '2.11.0' }, metrics: [operations] },
          { scope: { name: 'opentelemetry.instrumentation.system_metrics' }, metrics: [memory] },
        ],
        schemaUrl: '',
      },
    ],
  };
}
