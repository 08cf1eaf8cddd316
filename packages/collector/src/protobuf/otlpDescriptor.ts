/**
 * The messages of OTLP metrics as data: field numbers and types of opentelemetry-proto v1 (Apache-2.0, The OpenTelemetry
 * Authors; metrics.proto, common.proto, resource.proto, metrics_service.proto) and of `google.rpc.Status` (Apache-2.0,
 * Google LLC), which OTLP answers errors with. Names are those of the JSON encoding. Fields that nothing here reads or
 * writes are left out: a reader skips them. Types live beside each other, not in their packages, whose names never
 * travel.
 */
import type protobuf from 'protobufjs/light.js';

type Fields = protobuf.IType['fields'];

const ATTRIBUTES_OF_POINT: Readonly<Record<'number' | 'histogram' | 'exponential', number>> = {
  number: 7,
  histogram: 9,
  exponential: 1,
};

/** What every kind of point has; the attributes' number differs for historical reasons. */
function pointFields(attributesId: number): Fields {
  return {
    attributes: { rule: 'repeated', type: 'KeyValue', id: attributesId },
    startTimeUnixNano: { type: 'fixed64', id: 2 },
    timeUnixNano: { type: 'fixed64', id: 3 },
  };
}

/** A scalar whose absence means something else than zero. */
function optional(type: string, id: number): protobuf.IField {
  return { type, id, options: { proto3_optional: true } };
}

function repeated(type: string, id: number): protobuf.IField {
  return { rule: 'repeated', type, id } as protobuf.IField;
}

function listOfPoints(type: string): Fields {
  return { dataPoints: repeated(type, 1), aggregationTemporality: { type: 'AggregationTemporality', id: 2 } };
}

const COMMON: protobuf.INamespace['nested'] = {
  AnyValue: {
    oneofs: {
      value: {
        oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
      },
    },
    fields: {
      stringValue: { type: 'string', id: 1 },
      boolValue: { type: 'bool', id: 2 },
      intValue: { type: 'int64', id: 3 },
      doubleValue: { type: 'double', id: 4 },
      arrayValue: { type: 'ArrayValue', id: 5 },
      kvlistValue: { type: 'KeyValueList', id: 6 },
      bytesValue: { type: 'bytes', id: 7 },
    },
  },
  ArrayValue: { fields: { values: repeated('AnyValue', 1) } },
  KeyValueList: { fields: { values: repeated('KeyValue', 1) } },
  KeyValue: { fields: { key: { type: 'string', id: 1 }, value: { type: 'AnyValue', id: 2 } } },
  InstrumentationScope: {
    fields: {
      name: { type: 'string', id: 1 },
      version: { type: 'string', id: 2 },
      attributes: repeated('KeyValue', 3),
    },
  },
  Resource: { fields: { attributes: repeated('KeyValue', 1) } },
};

const POINTS: protobuf.INamespace['nested'] = {
  NumberDataPoint: {
    oneofs: { value: { oneof: ['asDouble', 'asInt'] } },
    fields: {
      ...pointFields(ATTRIBUTES_OF_POINT.number),
      asDouble: { type: 'double', id: 4 },
      exemplars: repeated('Exemplar', 5),
      asInt: { type: 'sfixed64', id: 6 },
      flags: { type: 'uint32', id: 8 },
    },
  },
  HistogramDataPoint: {
    fields: {
      ...pointFields(ATTRIBUTES_OF_POINT.histogram),
      count: { type: 'fixed64', id: 4 },
      sum: optional('double', 5),
      bucketCounts: repeated('fixed64', 6),
      explicitBounds: repeated('double', 7),
      exemplars: repeated('Exemplar', 8),
      flags: { type: 'uint32', id: 10 },
      min: optional('double', 11),
      max: optional('double', 12),
    },
  },
  Buckets: { fields: { offset: { type: 'sint32', id: 1 }, bucketCounts: repeated('uint64', 2) } },
  ExponentialHistogramDataPoint: {
    fields: {
      ...pointFields(ATTRIBUTES_OF_POINT.exponential),
      count: { type: 'fixed64', id: 4 },
      sum: optional('double', 5),
      scale: { type: 'sint32', id: 6 },
      zeroCount: { type: 'fixed64', id: 7 },
      positive: { type: 'Buckets', id: 8 },
      negative: { type: 'Buckets', id: 9 },
      flags: { type: 'uint32', id: 10 },
      exemplars: repeated('Exemplar', 11),
      min: optional('double', 12),
      max: optional('double', 13),
      zeroThreshold: { type: 'double', id: 14 },
    },
  },
  ValueAtQuantile: { fields: { quantile: { type: 'double', id: 1 }, value: { type: 'double', id: 2 } } },
  SummaryDataPoint: {
    fields: {
      ...pointFields(ATTRIBUTES_OF_POINT.number),
      count: { type: 'fixed64', id: 4 },
      sum: { type: 'double', id: 5 },
      quantileValues: repeated('ValueAtQuantile', 6),
      flags: { type: 'uint32', id: 8 },
    },
  },
  Exemplar: {
    oneofs: { value: { oneof: ['asDouble', 'asInt'] } },
    fields: {
      timeUnixNano: { type: 'fixed64', id: 2 },
      asDouble: { type: 'double', id: 3 },
      spanId: { type: 'bytes', id: 4 },
      traceId: { type: 'bytes', id: 5 },
      asInt: { type: 'sfixed64', id: 6 },
      filteredAttributes: repeated('KeyValue', 7),
    },
  },
};

const METRICS: protobuf.INamespace['nested'] = {
  AggregationTemporality: {
    values: {
      AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
      AGGREGATION_TEMPORALITY_DELTA: 1,
      AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
    },
  },
  Gauge: { fields: { dataPoints: repeated('NumberDataPoint', 1) } },
  Sum: { fields: { ...listOfPoints('NumberDataPoint'), isMonotonic: { type: 'bool', id: 3 } } },
  Histogram: { fields: listOfPoints('HistogramDataPoint') },
  ExponentialHistogram: { fields: listOfPoints('ExponentialHistogramDataPoint') },
  Summary: { fields: { dataPoints: repeated('SummaryDataPoint', 1) } },
  Metric: {
    oneofs: { data: { oneof: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] } },
    fields: {
      name: { type: 'string', id: 1 },
      description: { type: 'string', id: 2 },
      unit: { type: 'string', id: 3 },
      gauge: { type: 'Gauge', id: 5 },
      sum: { type: 'Sum', id: 7 },
      histogram: { type: 'Histogram', id: 9 },
      exponentialHistogram: { type: 'ExponentialHistogram', id: 10 },
      summary: { type: 'Summary', id: 11 },
    },
  },
  ScopeMetrics: {
    fields: {
      scope: { type: 'InstrumentationScope', id: 1 },
      metrics: repeated('Metric', 2),
      schemaUrl: { type: 'string', id: 3 },
    },
  },
  ResourceMetrics: {
    fields: {
      resource: { type: 'Resource', id: 1 },
      scopeMetrics: repeated('ScopeMetrics', 2),
      schemaUrl: { type: 'string', id: 3 },
    },
  },
};

const SERVICE: protobuf.INamespace['nested'] = {
  ExportMetricsServiceRequest: { fields: { resourceMetrics: repeated('ResourceMetrics', 1) } },
  ExportMetricsPartialSuccess: {
    fields: { rejectedDataPoints: { type: 'int64', id: 1 }, errorMessage: { type: 'string', id: 2 } },
  },
  ExportMetricsServiceResponse: { fields: { partialSuccess: { type: 'ExportMetricsPartialSuccess', id: 1 } } },
  Status: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
};

/** Every message, for `protobuf.Root.fromJSON`. */
export const OTLP_DESCRIPTOR: protobuf.INamespace = { nested: { ...COMMON, ...POINTS, ...METRICS, ...SERVICE } };
