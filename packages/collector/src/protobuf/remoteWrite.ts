/**
 * The message of Prometheus remote write 1.0: field numbers and types of `prompb/remote.proto` and `prompb/types.proto`
 * (Apache-2.0, The Prometheus Authors), of what is written here.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
import protobuf from 'protobufjs/light.js';

export interface Label {
  name: string;
  value: string;
}

export interface TimeSeries {
  /** Sorted by name, `__name__` among them. */
  labels: Label[];
  samples: { value: number /** Epoch ms. */; timestamp: number }[];
}

export const METRIC_TYPES = { counter: 1, gauge: 2, histogram: 3, summary: 5 } as const;

export interface MetricMetadata {
  type: (typeof METRIC_TYPES)[keyof typeof METRIC_TYPES];
  metricFamilyName: string;
  help: string;
}

export interface WriteRequest {
  timeseries: TimeSeries[];
  metadata?: MetricMetadata[];
}

/** The one NaN that says that a series has ended; see "staleness" in the specification. */
const STALE_NAN = { low: 2, high: 0x7ff00000, unsigned: true };

function fieldsOf(valueType: 'double' | 'fixed64'): protobuf.INamespace['nested'] {
  return {
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    // A double and a fixed64 are the same eight bytes; written as an integer a NaN keeps its bits.
    Sample: { fields: { value: { type: valueType, id: 1 }, timestamp: { type: 'int64', id: 2 } } },
    TimeSeries: {
      fields: {
        labels: { rule: 'repeated', type: 'Label', id: 1 },
        samples: { rule: 'repeated', type: 'Sample', id: 2 },
      },
    },
    MetricMetadata: {
      fields: {
        type: { type: 'int32', id: 1 },
        metricFamilyName: { type: 'string', id: 2 },
        help: { type: 'string', id: 4 },
      },
    },
    WriteRequest: {
      fields: {
        timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 },
        metadata: { rule: 'repeated', type: 'MetricMetadata', id: 3 },
      },
    },
  };
}

const SAMPLES = protobuf.Root.fromJSON({ nested: fieldsOf('double') }).lookupType('WriteRequest');
const BITS = protobuf.Root.fromJSON({ nested: fieldsOf('fixed64') }).lookupType('WriteRequest');

export function encodeWriteRequest(request: WriteRequest): Uint8Array {
  return SAMPLES.encode(request as object as { [key: string]: unknown }).finish();
}

/** A request that says of each series that it ended at `timestamp`; requests put one after the other are one. */
export function encodeStaleMarkers(series: readonly Label[][], timestamp: number): Uint8Array {
  const timeseries = series.map((labels) => ({ labels, samples: [{ value: STALE_NAN, timestamp }] }));
  return BITS.encode({ timeseries } as { [key: string]: unknown }).finish();
}

/** For those who receive. */
export function decodeWriteRequest(bytes: Uint8Array): WriteRequest {
  return SAMPLES.toObject(SAMPLES.decode(bytes), { longs: Number, arrays: true, defaults: true }) as WriteRequest;
}
