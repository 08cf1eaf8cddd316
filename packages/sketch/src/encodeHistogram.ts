/** A histogram to bytes; the form is described for other languages in docs/wire-format.md. */
import { ByteWriter, MAX_VARINT_BYTES } from './byteWriter.ts';
import { ExplicitBuckets } from './explicitBuckets.ts';
import { type ExponentialBuckets, MAX_BUCKETS, UNITS_MS } from './exponentialBuckets.ts';
import { EXPLICIT_SET, HISTOGRAM_VERSION } from './format.ts';
import type { Histogram } from './histogram.ts';

export function encodeHistogram({ sets, sum, min, max, count }: Histogram): Uint8Array {
  const bounds = sets.reduce((most, set) => (set instanceof ExplicitBuckets ? set.bounds.length : most), 0);
  const maxBytes =
    2 + 3 * 8 + (1 + 8 + MAX_VARINT_BYTES) * bounds + sets.length * (16 + MAX_VARINT_BYTES * (MAX_BUCKETS + 6));
  const writer = new ByteWriter(maxBytes);
  writer.byte(HISTOGRAM_VERSION << 4);
  writer.varint(sets.length);
  if (count === 0) return writer.finish();
  for (const value of [sum, min, max]) writer.float64(value);
  for (const set of sets) {
    if (set instanceof ExplicitBuckets) writeExplicit(writer, set);
    else writeExponential(writer, set as ExponentialBuckets);
  }
  return writer.finish();
}

function writeExplicit(writer: ByteWriter, { bounds, counts }: ExplicitBuckets): void {
  writer.byte(EXPLICIT_SET);
  writer.varint(bounds.length);
  for (const bound of bounds) writer.float64(bound);
  for (const count of counts) writer.varint(count);
}

function writeExponential(writer: ByteWriter, { content }: ExponentialBuckets): void {
  writer.byte(EXPLICIT_SET + 1 + UNITS_MS.indexOf(content.unitMs));
  writer.varint(zigzag(content.scale));
  writer.varint(content.zeroCount);
  writer.float64(content.zeroThreshold);
  writer.varint(zigzag(content.offset));
  writer.varint(content.counts.length);
  for (const count of content.counts) writer.varint(count);
}

/** Even numbers are those from zero up, odd ones those from -1 down. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
