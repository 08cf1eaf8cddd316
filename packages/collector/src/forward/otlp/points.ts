/** What OTLP metrics say of a server, under the names of OpenTelemetry's conventions where there are such. */
import { type OperationKind, UNSAMPLED } from '@mcp-vitals/prometheus';
import { type Exemplar as CallExemplar, OUTCOMES, parseSeriesName } from '@mcp-vitals/wire/decode';
import { OVERFLOW_NAME, UNIT_OF_KIND } from '../../model/series.ts';
import {
  type Exemplar,
  type ExponentialHistogramDataPoint,
  type HistogramDataPoint,
  type KeyValue,
  type NumberDataPoint,
  OPERATION_DURATION,
} from '../../protobuf/otlpMessages.ts';
import { countOf } from '../exponential.ts';
import { seriesKey } from '../minute.ts';
import type { ServerSpan } from '../protocol.ts';
import type { SeriesTotal } from '../totals.ts';
import type { OtlpDistribution } from './distribution.ts';

interface Described {
  name: string;
  unit: string;
}

/** One point of one metric. */
export type MetricPoint = Described &
  (
    | { type: 'sum'; isMonotonic: boolean; point: NumberDataPoint }
    | { type: 'gauge'; point: NumberDataPoint }
    | { type: 'histogram'; point: HistogramDataPoint }
    | { type: 'exponentialHistogram'; point: ExponentialHistogramDataPoint }
  );

type Total = SeriesTotal<OtlpDistribution>;
type Attributes = Readonly<Record<string, string>>;

const BYTES_PER_MB = 1_048_576;
const FIRST_OTHER_OUTCOME = 4;
/** What the conventions call an error of which the type is not known. */
const OTHER_ERROR = '_OTHER';

export function* pointsOf(server: ServerSpan<OtlpDistribution>, endMs: number): Iterable<MetricPoint> {
  const timeUnixNano = nanoseconds(endMs);
  const { totals, resources } = server;
  for (const total of totals.series) {
    const times = { startTimeUnixNano: nanoseconds(total.sinceMs), timeUnixNano };
    yield* seriesPoints(total, times, exemplarsOf(server.exemplarOf(seriesKey(total))));
  }
  const since = { startTimeUnixNano: nanoseconds(totals.sinceMs), timeUnixNano };
  yield counter('process.disk.io', 'By', { ...since, asInt: totals.diskIoBytes });
  if (resources === undefined) return;
  const memoryBytes = Math.round(resources.memoryMbAvg * BYTES_PER_MB);
  const memory: NumberDataPoint = { ...since, asInt: memoryBytes };
  yield { name: 'process.memory.usage', unit: 'By', type: 'sum', isMonotonic: false, point: memory };
  yield gauge('process.cpu.utilization', '1', { timeUnixNano, asDouble: resources.cpuPercentAvg / 100 });
  yield gauge('nodejs.eventloop.delay.mean', 's', { timeUnixNano, asDouble: resources.eventLoopDelayMsAvg / 1000 });
}

type Times = Pick<NumberDataPoint, 'startTimeUnixNano' | 'timeUnixNano'>;

function* seriesPoints(total: Total, times: Times, exemplars: Exemplar[]): Iterable<MetricPoint> {
  const { kind, name } = total;
  switch (kind) {
    case 'tool':
    case 'prompt':
    case 'resource':
    case 'method':
      yield* operationPoints(total, times, operationAttributes(kind, name), exemplars);
      return;
    case 'wait':
      yield* distribution('mcp_vitals.tool.wait.duration', total, times, { 'gen_ai.tool.name': name }, exemplars);
      return;
    case 'result_bytes':
      yield* distribution('mcp_vitals.tool.result.size', total, times, { 'gen_ai.tool.name': name }, exemplars);
      return;
  }
  const own = parseSeriesName(name);
  const attributes = attributesOf(own.labels);
  if (kind === 'counter') yield counter(own.name, '', { ...times, attributes, asDouble: total.sum });
  else if (kind === 'gauge') yield gauge(own.name, '', { ...times, attributes, asDouble: total.mean });
  else yield* distribution(own.name, total, times, own.labels, exemplars);
}

function operationAttributes(kind: OperationKind, name: string): Attributes {
  switch (kind) {
    case 'tool':
      return { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name };
    case 'prompt':
      return { 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': name };
    case 'resource':
      return { 'mcp.method.name': 'resources/read', 'mcp.resource.uri': name };
    case 'method':
      return { 'mcp.method.name': name };
  }
}

function* operationPoints(
  total: Total,
  times: Times,
  attributes: Attributes,
  exemplars: Exemplar[],
): Iterable<MetricPoint> {
  yield* distribution(OPERATION_DURATION, total, times, attributes, exemplars);
  for (const [type, count] of errorTypes(total)) {
    const point = { ...times, attributes: attributesOf({ ...attributes, 'error.type': type }), asInt: count };
    yield counter('mcp.server.operation.errors', '{error}', point);
  }
  if (total.outcomes[3] > 0) {
    const point = { ...times, attributes: attributesOf(attributes), asInt: total.outcomes[3] };
    yield counter('mcp.server.operation.timeouts', '{timeout}', point);
  }
  for (const [i, count] of total.outcomes.slice(FIRST_OTHER_OUTCOME).entries()) {
    if (count === 0) continue;
    const outcome = OUTCOMES[FIRST_OTHER_OUTCOME + i]!;
    const point = {
      ...times,
      attributes: attributesOf({ ...attributes, 'mcp_vitals.outcome': outcome }),
      asInt: count,
    };
    yield counter('mcp.server.operation.other_outcomes', '{call}', point);
  }
}

function errorTypes({ errors }: Total): Map<string, number> {
  const types = new Map<string, number>();
  for (const [errorClass, count] of errors) {
    const type = errorClass === UNSAMPLED || errorClass === OVERFLOW_NAME ? OTHER_ERROR : errorClass;
    types.set(type, (types.get(type) ?? 0) + count);
  }
  return types;
}

function* distribution(
  name: string,
  total: Total,
  times: Times,
  attributes: Attributes,
  exemplars: Exemplar[],
): Iterable<MetricPoint> {
  const { kind, sum, min, max } = total;
  if (total.distribution === undefined || min === null || max === null) return;
  const { exponential, explicit } = total.distribution;
  const isTimed = UNIT_OF_KIND[kind] === 'ms';
  const unit = isTimed ? 's' : 'By';
  const perUnit = isTimed ? 1 / 1000 : 1;
  const common = {
    ...times,
    attributes: attributesOf(attributes),
    // Where samples were counted in two ways, nobody knows which of the two they belong to.
    ...((exponential === undefined || explicit === undefined) && {
      sum: sum * perUnit,
      min: min * perUnit,
      max: max * perUnit,
    }),
    ...(exemplars.length > 0 && { exemplars }),
  };
  if (exponential !== undefined) {
    const { scale, zeroCount, offset, counts } = exponential;
    const positive = { offset, bucketCounts: [...counts] };
    const point = { ...common, count: countOf(exponential), scale, zeroCount, positive };
    yield { name, unit, type: 'exponentialHistogram', point };
  }
  if (explicit === undefined) return;
  const explicitBounds = explicit.bounds.map((bound) => bound * perUnit);
  const count = explicit.counts.reduce((all, each) => all + each, 0);
  yield {
    name,
    unit,
    type: 'histogram',
    point: { ...common, count, bucketCounts: [...explicit.counts], explicitBounds },
  };
}

function exemplarsOf(exemplar: CallExemplar | undefined): Exemplar[] {
  if (exemplar === undefined) return [];
  const { traceId, spanId, valueMs, atMs } = exemplar;
  const ids = { traceId: Buffer.from(traceId, 'hex'), spanId: Buffer.from(spanId, 'hex') };
  return [{ ...ids, asDouble: valueMs / 1000, timeUnixNano: nanoseconds(atMs) }];
}

function counter(name: string, unit: string, point: NumberDataPoint): MetricPoint {
  return { name, unit, type: 'sum', isMonotonic: true, point };
}

function gauge(name: string, unit: string, point: NumberDataPoint): MetricPoint {
  return { name, unit, type: 'gauge', point };
}

export function attributesOf(attributes: Attributes): KeyValue[] {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}
