/** OTLP/HTTP in protobuf. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
import { gzipSync } from 'node:zlib';
import { DEFAULT_WORKSPACE, splitName } from '../../model/workspace.ts';
import {
  type KeyValue,
  type Metric,
  type MetricsRequest,
  TEMPORALITY,
  type Temporality,
} from '../../protobuf/otlpMessages.ts';
import { metricsRequest, metricsResponse, OTLP_CONTENT_TYPES } from '../../protobuf/otlpMetrics.ts';
import type { OutgoingRequest, Protocol, ServerSpan } from '../protocol.ts';
import { OTLP_DISTRIBUTIONS, type OtlpDistribution } from './distribution.ts';
import { attributesOf, type MetricPoint, pointsOf } from './points.ts';

export interface OtlpOptions {
  /** Where it listens; without a path, `/v1/metrics` there. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  compression: 'gzip' | 'none';
  temporality: 'delta' | 'cumulative';
  /** Of this program. */
  version: string;
}

/** Of a few hundred bytes each: well below what receivers take at once. */
const MAX_POINTS = 500;

const METRICS_PATH = '/v1/metrics';

export function createOtlp(options: OtlpOptions): Protocol<OtlpDistribution> {
  const { endpoint, headers, compression, version } = options;
  const temporality = TEMPORALITY[options.temporality];
  const scope = { name: 'mcp-vitals', version };
  return {
    name: 'otlp',
    isCumulative: options.temporality === 'cumulative',
    url: metricsUrl(endpoint),
    headers: {
      ...headers,
      'content-type': OTLP_CONTENT_TYPES.protobuf,
      ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
      'user-agent': `mcp-vitals/${version}`,
    },
    distributions: OTLP_DISTRIBUTIONS,
    isRetryable: (status) => [429, 502, 503, 504].includes(status),
    rejectedOf,
    *requests(servers, { toMs }) {
      let request = new RequestBuilder(temporality, scope);
      for (const server of servers) {
        if (server.presence !== 'live') continue;
        for (const point of pointsOf(server, toMs)) {
          request.add(server, point);
          if (request.points < MAX_POINTS) continue;
          yield outgoing(request, compression);
          request = new RequestBuilder(temporality, scope);
        }
      }
      if (request.points > 0) yield outgoing(request, compression);
    },
  };
}

function outgoing({ message, points }: RequestBuilder, compression: OtlpOptions['compression']): OutgoingRequest {
  const body = metricsRequest.encode(message, 'protobuf');
  return { body: compression === 'gzip' ? gzipSync(body) : body, points };
}

function rejectedOf(answer: Uint8Array): { points: number; message: string } {
  try {
    const { partialSuccess = {} } = metricsResponse.decode(answer, 'protobuf');
    const { rejectedDataPoints = 0, errorMessage = '' } = partialSuccess;
    return { points: Number(rejectedDataPoints), message: errorMessage };
  } catch {
    // It was taken; what else the receiver wanted to say is not known.
    return { points: 0, message: '' };
  }
}

function metricsUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = METRICS_PATH;
  return url.href;
}

/** Points gathered by server and metric. */
class RequestBuilder {
  points = 0;
  readonly #versions = new Map<string, string>();
  /** By server, then by type and name. */
  readonly #metrics = new Map<string, Map<string, Metric>>();

  constructor(
    private readonly temporality: Temporality,
    private readonly scope: { name: string; version: string },
  ) {}

  add({ info }: ServerSpan<OtlpDistribution>, point: MetricPoint): void {
    const metrics = this.#metrics.get(info.name) ?? new Map<string, Metric>();
    this.#metrics.set(info.name, metrics);
    this.#versions.set(info.name, info.version);
    const key = `${point.type} ${point.name}`;
    const metric = metrics.get(key) ?? this.#newMetric(point);
    metrics.set(key, metric);
    (metric[point.type]!.dataPoints as unknown[]).push(point.point);
    this.points++;
  }

  get message(): MetricsRequest {
    return {
      resourceMetrics: Array.from(this.#metrics, ([server, metrics]) => ({
        resource: { attributes: this.#resourceOf(server) },
        scopeMetrics: [{ scope: this.scope, metrics: [...metrics.values()] }],
      })),
    };
  }

  #resourceOf(server: string): KeyValue[] {
    const version = this.#versions.get(server) ?? '';
    const { workspace, name } = splitName(server);
    const isDefault = workspace === DEFAULT_WORKSPACE;
    return attributesOf({
      'service.name': name,
      ...(!isDefault && { 'service.namespace': workspace, 'mcp_vitals.workspace': workspace }),
      ...(version !== '' && { 'service.version': version }),
    });
  }

  #newMetric(point: MetricPoint): Metric {
    const { name, unit } = point;
    switch (point.type) {
      case 'gauge':
        return { name, unit, gauge: { dataPoints: [] } };
      case 'sum': {
        // What goes up and down is a value of the moment, and has no difference.
        const aggregationTemporality = point.isMonotonic ? this.temporality : TEMPORALITY.cumulative;
        return { name, unit, sum: { dataPoints: [], aggregationTemporality, isMonotonic: point.isMonotonic } };
      }
      case 'histogram':
        return { name, unit, histogram: { dataPoints: [], aggregationTemporality: this.temporality } };
      case 'exponentialHistogram':
        return { name, unit, exponentialHistogram: { dataPoints: [], aggregationTemporality: this.temporality } };
    }
  }
}
