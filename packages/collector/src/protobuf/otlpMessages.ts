/**
 * OTLP metrics as plain objects, named as in the JSON encoding. All fields may be absent, as in protobuf; absent numbers
 * are zero but for those that say otherwise.
 */

/**
 * A 64-bit integer. What is read is a number: nanoseconds of today's epoch are then right to 256 ns. What is written may be
 * a string of digits too, which is exact.
 */
export type Integer64 = number | string;

/** One of the fields is set, or none. */
export interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: Integer64;
  doubleValue?: number;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: KeyValue[] };
  bytesValue?: Uint8Array;
}

export interface KeyValue {
  key?: string;
  value?: AnyValue;
}

export interface Exemplar {
  filteredAttributes?: KeyValue[];
  timeUnixNano?: Integer64;
  asDouble?: number;
  asInt?: Integer64;
  /** 16 bytes. */
  traceId?: Uint8Array;
  /** 8 bytes. */
  spanId?: Uint8Array;
}

interface DataPoint {
  attributes?: KeyValue[];
  /** 0 where it is not known. */
  startTimeUnixNano?: Integer64;
  timeUnixNano?: Integer64;
  exemplars?: Exemplar[];
  /** See `NO_RECORDED_VALUE`. */
  flags?: number;
}

/** The bit of `flags` that says: nothing was recorded, this point only ends the stream. */
export const NO_RECORDED_VALUE = 1;

export interface NumberDataPoint extends DataPoint {
  asDouble?: number;
  asInt?: Integer64;
}

interface Distribution extends DataPoint {
  count?: Integer64;
  /** Not known where absent; so are min and max. */
  sum?: number;
  min?: number;
  max?: number;
}

/** One count more than bounds; a bound belongs to the bucket below it. No counts: the distribution is not known. */
export interface HistogramDataPoint extends Distribution {
  bucketCounts?: Integer64[];
  explicitBounds?: number[];
}

/** Bucket i holds values above base^(offset + i) and up to base^(offset + i + 1). */
export interface Buckets {
  offset?: number;
  bucketCounts?: Integer64[];
}

/** The base is 2^(2^-scale). */
export interface ExponentialHistogramDataPoint extends Distribution {
  scale?: number;
  zeroCount?: Integer64;
  zeroThreshold?: number;
  positive?: Buckets;
  negative?: Buckets;
}

export interface SummaryDataPoint extends DataPoint {
  count?: Integer64;
  sum?: number;
  quantileValues?: { quantile?: number; value?: number }[];
}

/** The metric of OpenTelemetry's conventions for MCP servers (open-telemetry/semantic-conventions-genai, model/mcp/metrics.yaml). */
export const OPERATION_DURATION = 'mcp.server.operation.duration';

/** What `aggregationTemporality` says of a point's span: since the point before, or since its start time. */
export const TEMPORALITY = { unspecified: 0, delta: 1, cumulative: 2 } as const;
export type Temporality = (typeof TEMPORALITY)[keyof typeof TEMPORALITY];

interface Aggregated<Point> {
  dataPoints?: Point[];
  aggregationTemporality?: Temporality;
}

/** One of gauge, sum, histogram, exponentialHistogram and summary is set. */
export interface Metric {
  name?: string;
  description?: string;
  unit?: string;
  gauge?: { dataPoints?: NumberDataPoint[] };
  sum?: Aggregated<NumberDataPoint> & { isMonotonic?: boolean };
  histogram?: Aggregated<HistogramDataPoint>;
  exponentialHistogram?: Aggregated<ExponentialHistogramDataPoint>;
  summary?: { dataPoints?: SummaryDataPoint[] };
}

export interface ScopeMetrics {
  scope?: { name?: string; version?: string; attributes?: KeyValue[] };
  metrics?: Metric[];
  schemaUrl?: string;
}

export interface ResourceMetrics {
  resource?: { attributes?: KeyValue[] };
  scopeMetrics?: ScopeMetrics[];
  schemaUrl?: string;
}

/** What an exporter posts to `/v1/metrics`. */
export interface MetricsRequest {
  resourceMetrics?: ResourceMetrics[];
}

/** The answer to it; `partialSuccess` only where something was refused or there is something to say. */
export interface MetricsResponse {
  partialSuccess?: { rejectedDataPoints?: Integer64; errorMessage?: string };
}

/** `google.rpc.Status`, the body of an error. */
export interface RpcStatus {
  code?: number;
  message?: string;
}
