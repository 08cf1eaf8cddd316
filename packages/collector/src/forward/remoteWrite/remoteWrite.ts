/** Prometheus remote write 1.0. https://prometheus.io/docs/specs/prw/remote_write_spec/ */
import { COLLECTOR_FAMILIES, CustomFamilies, type Family, labelValue } from '@mcp-vitals/prometheus';
import { compress } from 'snappyjs';
import { workspaceLabels } from '../../model/workspace.ts';
import {
  encodeStaleMarkers,
  encodeWriteRequest,
  type Label,
  METRIC_TYPES,
  type MetricMetadata,
  type TimeSeries,
} from '../../protobuf/remoteWrite.ts';
import type { OutgoingRequest, Protocol, ServerSpan } from '../protocol.ts';
import { BUCKET_COUNTS } from './buckets.ts';
import { type BucketCounts, emitServer } from './serverSamples.ts';

export interface RemoteWriteOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Of this program. */
  version: string;
}

/** What Prometheus itself sends at most at once. */
const MAX_SAMPLES = 2_000;

export function createRemoteWrite({ url, headers, version }: RemoteWriteOptions): Protocol<BucketCounts> {
  const families = new CustomFamilies();
  return {
    name: 'remoteWrite',
    isCumulative: true,
    url,
    headers: {
      ...headers,
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'user-agent': `mcp-vitals/${version}`,
    },
    distributions: BUCKET_COUNTS,
    // The specification: 5xx and 429 are tried again, other answers are final.
    isRetryable: (status) => status === 429 || status >= 500,
    rejectedOf: () => ({ points: 0, message: '' }),
    *requests(servers, { toMs }) {
      const metadata = new Map<string, MetricMetadata>();
      let batch: TimeSeries[] = [];
      for (const server of servers) {
        if (server.presence === 'gone') yield* staleMarkers(server, families, toMs);
        for (const series of seriesOf(server, families, toMs, metadata)) {
          batch.push(series);
          if (batch.length < MAX_SAMPLES) continue;
          yield request(batch, [...metadata.values()]);
          metadata.clear();
          batch = [];
        }
      }
      if (batch.length > 0) yield request(batch, [...metadata.values()]);
    },
  };
}

function request(timeseries: TimeSeries[], metadata: MetricMetadata[]): OutgoingRequest {
  return { body: compress(encodeWriteRequest({ timeseries, metadata })), points: timeseries.length };
}

/** Everything of a server that lives; of one that does not, that it does not. */
function seriesOf(
  server: ServerSpan<BucketCounts>,
  families: CustomFamilies,
  timestamp: number,
  metadata: Map<string, MetricMetadata>,
): TimeSeries[] {
  const samples = new Map<string, TimeSeries>();
  const workspace = workspaceLabels(server.info.name);
  const emit = (family: Family, labels: Readonly<Record<string, string>>, value: number, suffix = '') => {
    if (!metadata.has(family.name)) metadata.set(family.name, metadataOf(family));
    const sorted = sortedLabels(`${family.name}${suffix}`, { ...workspace, ...labels });
    const key = JSON.stringify(sorted);
    const known = samples.get(key);
    if (known === undefined) samples.set(key, { labels: sorted, samples: [{ value, timestamp }] });
    else known.samples[0]!.value += value;
  };
  const isLive = server.presence === 'live';
  emit(COLLECTOR_FAMILIES.up, { server: labelValue(server.info.name) }, isLive ? 1 : 0);
  if (isLive) emitServer(server, families, emit);
  return [...samples.values()];
}

function* staleMarkers(
  server: ServerSpan<BucketCounts>,
  families: CustomFamilies,
  timestamp: number,
): Iterable<OutgoingRequest> {
  const asIfLive = { ...server, presence: 'live', resources: server.resources ?? NO_RESOURCES } as const;
  const ended = seriesOf(asIfLive, families, timestamp, new Map())
    .map(({ labels }) => labels)
    .filter((labels) => !labels.some(({ name, value }) => name === '__name__' && value === COLLECTOR_FAMILIES.up.name));
  for (let at = 0; at < ended.length; at += MAX_SAMPLES) {
    const part = ended.slice(at, at + MAX_SAMPLES);
    yield { body: compress(encodeStaleMarkers(part, timestamp)), points: part.length };
  }
}

/** Only names matter of what has ended. */
const NO_RESOURCES = {
  server: '',
  startMs: 0,
  samples: 0,
  minutes: 0,
  cpuPercentAvg: 0,
  cpuPercentMax: 0,
  memoryMbAvg: 0,
  memoryMbMax: 0,
  memoryPercentAvg: 0,
  memoryPercentMax: 0,
  diskIoKb: 0,
  eventLoopDelayMsAvg: 0,
  eventLoopDelayMsMax: 0,
};

/** A label without a value is the same as none. */
function sortedLabels(metricName: string, labels: Readonly<Record<string, string>>): Label[] {
  return [['__name__', metricName] as const, ...Object.entries(labels)]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function metadataOf({ name, type, help }: Family): MetricMetadata {
  return { type: METRIC_TYPES[type], metricFamilyName: name, help };
}
