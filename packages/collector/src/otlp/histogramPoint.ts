/** Points of histograms as histograms of ours, in milliseconds. */
import { Histogram } from '@mcp-vitals/sketch';
import type { Exemplar } from '@mcp-vitals/wire/decode';
import type {
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  Exemplar as OtlpExemplar,
} from '../protobuf/otlpMessages.ts';

/** Milliseconds of the units that durations come in (UCUM). */
export const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };

/** @throws RangeError for what cannot be */
export function explicitHistogram(point: HistogramDataPoint, unitMs: number): Histogram {
  const { bucketCounts = [], explicitBounds = [], count = 0 } = point;
  const counts = bucketCounts.length === 0 ? [Number(count)] : bucketCounts.map(Number);
  const bounds = explicitBounds.map((bound) => inMs(bound, unitMs));
  return counted(Histogram.explicit(bounds, counts, knownFigures(point, unitMs)), count);
}

/** @throws RangeError for what cannot be */
export function exponentialHistogram(point: ExponentialHistogramDataPoint, unitMs: number): Histogram {
  const { positive, negative, scale = 0, zeroCount = 0, zeroThreshold = 0, count = 0 } = point;
  if (negative?.bucketCounts?.some((each) => Number(each) > 0)) throw new RangeError('durations below zero');
  const counts = (positive?.bucketCounts ?? []).map(Number);
  const content = { unitMs, scale, zeroCount: Number(zeroCount), zeroThreshold, offset: positive?.offset ?? 0, counts };
  return counted(Histogram.exponential(content, knownFigures(point, unitMs)), count);
}

/** The slowest of those that name a span. */
export function exemplarOf(exemplars: readonly OtlpExemplar[] = [], unitMs: number): Exemplar | undefined {
  let slowest: Exemplar | undefined;
  for (const { traceId, spanId, timeUnixNano = 0, asDouble, asInt } of exemplars) {
    const ids = { traceId: hexOf(traceId, 16), spanId: hexOf(spanId, 8) };
    const valueMs = Number(asDouble ?? asInt) * unitMs;
    const atMs = Number(timeUnixNano) / 1e6;
    if (ids.traceId === undefined || ids.spanId === undefined || !(valueMs >= 0 && valueMs < 1e15)) continue;
    if (atMs > 0 && valueMs > (slowest?.valueMs ?? -1)) {
      slowest = { traceId: ids.traceId, spanId: ids.spanId, valueMs, atMs };
    }
  }
  return slowest;
}

function hexOf(id: Uint8Array | undefined, bytes: number): string | undefined {
  if (id?.length !== bytes || id.every((byte) => byte === 0)) return undefined;
  return Buffer.from(id).toString('hex');
}

function counted(histogram: Histogram, count: number | string): Histogram {
  if (histogram.count !== Number(count)) throw new RangeError(`${count} samples, ${histogram.count} in the buckets`);
  return histogram;
}

/** The same number of milliseconds for the same number of seconds, whatever multiplying makes of its last digit. */
function inMs(value: number, unitMs: number): number {
  return Number((value * unitMs).toPrecision(12));
}

/** Some senders write what they do not know as NaN. */
function knownFigures(
  { sum, min, max }: HistogramDataPoint | ExponentialHistogramDataPoint,
  unitMs: number,
): { sum: number | undefined; min: number | undefined; max: number | undefined } {
  const known = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? undefined : inMs(value, unitMs);
  return { sum: known(sum), min: known(min), max: known(max) };
}
