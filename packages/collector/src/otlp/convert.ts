/**
 * What a source sent as what we keep: pure but for the book of streams that it is given. Metrics that are none of ours are
 * passed over in silence: an application's exporter sends all it has, and must not be told so with each export.
 */
import type { Histogram } from '@mcp-vitals/sketch';
import { formatSeriesName, type ResourceSample, type Window } from '@mcp-vitals/wire/decode';
import { matchesAny } from '../model/namePattern.ts';
import { DAY_MS } from '../model/rollup.ts';
import {
  type ExponentialHistogramDataPoint,
  type HistogramDataPoint,
  type Metric,
  NO_RECORDED_VALUE,
  type NumberDataPoint,
  OPERATION_DURATION,
  type ScopeMetrics,
  TEMPORALITY,
  type Temporality,
} from '../protobuf/otlpMessages.ts';
import { Attributes } from './attributes.ts';
import { exemplarOf, explicitHistogram, exponentialHistogram, UNITS_MS } from './histogramPoint.ts';
import { operationOf } from './operation.ts';
import { ProcessFigures, processMetric } from './processMetrics.ts';
import { type PointTime, RefusedPoint, type Streams } from './streams.ts';
import { Windows } from './windows.ts';

/** Older points have no place in any row that could still be written. */
const MAX_AGE_MS = 7 * DAY_MS;

const LARGEST_VALUE = 1e15;

export interface ConvertOptions {
  streams: Streams;
  /** Names of further metrics that are wanted, with `*` for anything. */
  wanted: readonly string[];
  receivedAtMs: number;
  maxSkewMs: number;
}

export interface Converted {
  windows: Window[];
  resources: ResourceSample[];
  /** Whether there was anything of an MCP server at all. */
  isOurs: boolean;
  rejectedPoints: number;
  /** Why the first of them was rejected. */
  reason: string | undefined;
}

type Point = HistogramDataPoint | ExponentialHistogramDataPoint | NumberDataPoint;

export function convert(scopes: readonly ScopeMetrics[], options: ConvertOptions): Converted {
  const conversion = new Conversion(options);
  for (const { scope, metrics = [] } of scopes) {
    for (const metric of metrics) conversion.add(scope?.name ?? '', metric);
  }
  return conversion.result();
}

class Conversion {
  readonly #windows = new Windows();
  readonly #process = new ProcessFigures();
  #isOurs = false;
  #rejectedPoints = 0;
  #reason: string | undefined;

  constructor(private readonly options: ConvertOptions) {}

  result(): Converted {
    const sample = this.#process.sample();
    return {
      windows: this.#windows.list,
      resources: sample === undefined ? [] : [sample],
      isOurs: this.#isOurs,
      rejectedPoints: this.#rejectedPoints,
      reason: this.#reason,
    };
  }

  add(scope: string, metric: Metric): void {
    if (metric.name === OPERATION_DURATION) this.#addOperations(scope, metric);
    else if (processMetric(metric) !== undefined) this.#addProcessMetric(scope, metric);
    else if (matchesAny(this.options.wanted, metric.name ?? '')) this.#addWanted(scope, metric);
  }

  #addOperations(scope: string, metric: Metric): void {
    this.#isOurs = true;
    const unitMs = Object.hasOwn(UNITS_MS, metric.unit ?? '') ? UNITS_MS[metric.unit!] : undefined;
    const { gauge, sum, summary, histogram, exponentialHistogram: exponential } = metric;
    const add = <P extends HistogramDataPoint | ExponentialHistogramDataPoint>(
      points: readonly P[] | undefined,
      temporality: Temporality | undefined,
      read: (point: P, unitMs: number) => Histogram,
    ) =>
      this.#each(metric.name, points, (point) => {
        if (unitMs === undefined) throw new RefusedPoint(`the unit "${metric.unit ?? ''}" is none of s, ms, us and ns`);
        const attributes = new Attributes(point.attributes);
        const operation = operationOf(attributes);
        if (operation === undefined) throw new RefusedPoint('the attribute mcp.method.name is missing');
        const time = this.#timeOf(point, temporality);
        const value = read(point, unitMs);
        const increase = this.options.streams.histogram(identityOf(scope, metric, attributes), time, value);
        if (increase !== undefined) this.#windows.addCalls(operation, increase, exemplarOf(point.exemplars, unitMs));
      });
    add(histogram?.dataPoints, histogram?.aggregationTemporality, explicitHistogram);
    add(exponential?.dataPoints, exponential?.aggregationTemporality, exponentialHistogram);
    this.#each(
      metric.name,
      [...(gauge?.dataPoints ?? []), ...(sum?.dataPoints ?? []), ...(summary?.dataPoints ?? [])],
      () => {
        throw new RefusedPoint('only histograms are understood');
      },
    );
  }

  #addProcessMetric(scope: string, metric: Metric): void {
    const { name = '' } = metric;
    if (processMetric(metric)?.is === 'level') {
      this.#eachNumber(metric, (point, value) => this.#process.addLevel(name, value, this.#timeOf(point).timeMs));
      return;
    }
    this.#eachNumber(metric, (point, value) => {
      const time = this.#timeOf(point, metric.sum?.aggregationTemporality);
      const identity = identityOf(scope, metric, new Attributes(point.attributes));
      const increase = this.options.streams.sum(identity, time, value);
      if (increase !== undefined) this.#process.addGrowth(name, increase);
    });
  }

  #addWanted(scope: string, metric: Metric): void {
    const isCounter = metric.sum?.isMonotonic === true;
    this.#isOurs = true;
    this.#eachNumber(metric, (point, value) => {
      const attributes = new Attributes(point.attributes);
      // A level counts once per point, as a delta does.
      const time = this.#timeOf(point, isCounter ? metric.sum?.aggregationTemporality : TEMPORALITY.delta);
      const increase = this.options.streams.sum(identityOf(scope, metric, attributes), time, value);
      const name = formatSeriesName(metric.name ?? '', attributes.labels());
      if (increase !== undefined) this.#windows.addValue(isCounter ? 'counter' : 'gauge', name, increase);
    });
  }

  #eachNumber(metric: Metric, add: (point: NumberDataPoint, value: number) => void): void {
    const points = [...(metric.gauge?.dataPoints ?? []), ...(metric.sum?.dataPoints ?? [])];
    const mayFall = metric.sum?.isMonotonic !== true;
    this.#each(metric.name, points, (point) => {
      const value = Number(point.asDouble ?? point.asInt);
      const isLevelOfProcess = processMetric(metric) !== undefined;
      const least = mayFall && !isLevelOfProcess ? -LARGEST_VALUE : 0;
      if (!(value >= least && value <= LARGEST_VALUE)) throw new RefusedPoint(`the value ${value} cannot be`);
      add(point, value);
    });
  }

  /** Counts what cannot be added as rejected. */
  #each<P extends Point>(name = '', points: readonly P[] = [], add: (point: P) => void): void {
    for (const point of points) {
      if (((point.flags ?? 0) & NO_RECORDED_VALUE) !== 0) continue;
      try {
        add(point);
      } catch (error) {
        if (!(error instanceof RefusedPoint || error instanceof RangeError)) throw error;
        this.#rejectedPoints++;
        this.#reason ??= `${name}: ${error.message}`;
      }
    }
  }

  /** @param temporality of a gauge, which has none: that of a delta */
  #timeOf(
    { timeUnixNano = 0, startTimeUnixNano = 0 }: Point,
    temporality: Temporality | undefined = TEMPORALITY.delta,
  ): PointTime {
    const { receivedAtMs, maxSkewMs } = this.options;
    const [timeMs, startMs] = [Number(timeUnixNano) / 1e6, Number(startTimeUnixNano) / 1e6];
    if (!(timeMs > 0)) throw new RefusedPoint('the time is missing');
    if (timeMs > receivedAtMs + maxSkewMs) throw new RefusedPoint('the time lies in the future');
    if (timeMs < receivedAtMs - MAX_AGE_MS) throw new RefusedPoint('the time is more than a week ago');
    if (temporality === TEMPORALITY.unspecified) throw new RefusedPoint('the aggregation temporality is missing');
    return { timeMs, startMs: startMs <= timeMs ? startMs : 0, isCumulative: temporality === TEMPORALITY.cumulative };
  }
}

function identityOf(scope: string, { name = '', unit = '' }: Metric, attributes: Attributes): string {
  return JSON.stringify([scope, name, unit, attributes.identity]);
}
