/** Requests as exporters send them, made from a few words. */
import {
  type HistogramDataPoint,
  type KeyValue,
  type Metric,
  type MetricsRequest,
  OPERATION_DURATION,
} from '../protobuf/otlpMessages.ts';

/** Seconds; the boundaries that the conventions advise. */
export const BOUNDS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

export function attributes(values: Record<string, string | number>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));
}

export const nanos = (ms: number): string => `${Math.round(ms)}000000`;

export interface PointSpec {
  tool?: string;
  attributes?: Record<string, string | number>;
  startMs: number;
  timeMs: number;
  durationsS: readonly number[];
}

export function point({ tool, startMs, timeMs, durationsS, ...spec }: PointSpec): HistogramDataPoint {
  const bucketCounts = new Array<number>(BOUNDS_S.length + 1).fill(0);
  for (const duration of durationsS) bucketCounts[BOUNDS_S.filter((bound) => duration > bound).length]! += 1;
  const call: Record<string, string> =
    tool === undefined ? {} : { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': tool };
  const known = { min: Math.min(...durationsS), max: Math.max(...durationsS) };
  return {
    attributes: attributes({ ...call, ...spec.attributes }),
    startTimeUnixNano: nanos(startMs),
    timeUnixNano: nanos(timeMs),
    count: durationsS.length,
    sum: durationsS.reduce((sum, duration) => sum + duration, 0),
    ...(durationsS.length === 0 ? {} : known),
    bucketCounts,
    explicitBounds: BOUNDS_S,
  };
}

export interface RequestSpec {
  resource?: Record<string, string | number>;
  temporality?: 'delta' | 'cumulative';
  points?: readonly HistogramDataPoint[];
  metrics?: readonly Metric[];
}

export function requestOf({
  resource = { 'service.name': 'weather', 'service.version': '1.2.3' },
  temporality = 'cumulative',
  points = [],
  metrics = [],
}: RequestSpec): MetricsRequest {
  const operations: Metric = {
    name: OPERATION_DURATION,
    unit: 's',
    histogram: { aggregationTemporality: temporality === 'delta' ? 1 : 2, dataPoints: [...points] },
  };
  const all = points.length === 0 ? [...metrics] : [operations, ...metrics];
  return {
    resourceMetrics: [
      { resource: { attributes: attributes(resource) }, scopeMetrics: [{ scope: { name: 'mcp' }, metrics: all }] },
    ],
  };
}
