/** Bytes to what a histogram is made of. They may come from strangers: nothing in them is believed. */
import type { BucketSet } from './buckets.ts';
import { ByteReader } from './byteReader.ts';
import { ExplicitBuckets, MAX_BOUNDS } from './explicitBuckets.ts';
import { ExponentialBuckets, MAX_BUCKETS, UNITS_MS } from './exponentialBuckets.ts';
import { EXPLICIT_SET, HISTOGRAM_VERSION, MAX_VALUE } from './format.ts';
import { SketchFormatError } from './formatError.ts';

export interface HistogramContent {
  sets: BucketSet[];
  sum?: number;
  min?: number;
  max?: number;
}

/** @throws SketchFormatError */
export function decodeHistogram(bytes: Uint8Array): HistogramContent {
  const reader = new ByteReader(bytes, 'histogram');
  const head = reader.byte();
  if (head !== HISTOGRAM_VERSION << 4) refuse(`begins with ${head}`);
  const size = reader.varint();
  if (size === 0) return atEnd(reader, { sets: [] });
  if (size > 1 + UNITS_MS.length) refuse(`${size} sets of buckets`);
  const [sum, min, max] = [reader.finiteFloat64(), reader.finiteFloat64(), reader.finiteFloat64()];
  const sets: BucketSet[] = [];
  for (let i = 0; i < size; i++) {
    const set = readSet(reader);
    if (set.count === 0) refuse('a set of buckets without a sample');
    if (i > 0 && set.layout <= sets[i - 1]!.layout) refuse('sets of buckets in the wrong order');
    sets.push(set);
  }
  checkFigures(sets, sum, min, max);
  return atEnd(reader, { sets, sum, min, max });
}

function readSet(reader: ByteReader): BucketSet {
  const kind = reader.byte();
  try {
    return kind === EXPLICIT_SET ? readExplicit(reader) : readExponential(reader, kind);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SketchFormatError(`histogram: ${error.message}`);
  }
}

function readExplicit(reader: ByteReader): ExplicitBuckets {
  const size = reader.varint();
  if (size > MAX_BOUNDS) refuse(`${size} bounds`);
  const bounds = Array.from({ length: size }, () => reader.finiteFloat64());
  return new ExplicitBuckets(
    bounds,
    Array.from({ length: size + 1 }, () => reader.varint()),
  );
}

function readExponential(reader: ByteReader, kind: number): ExponentialBuckets {
  const unitMs = UNITS_MS[kind - EXPLICIT_SET - 1];
  if (unitMs === undefined) refuse(`kind ${kind} of buckets is not known`);
  const scale = unzigzag(reader.varint());
  const zeroCount = reader.varint();
  const zeroThreshold = reader.finiteFloat64();
  const offset = unzigzag(reader.varint());
  const size = reader.varint();
  if (size > MAX_BUCKETS) refuse(`${size} buckets`);
  const counts = Array.from({ length: size }, () => reader.varint());
  if (counts[0] === 0 || counts.at(-1) === 0 || (size === 0 && (offset !== 0 || scale !== 0))) refuse('empty buckets');
  return new ExponentialBuckets({ unitMs, scale, zeroCount, zeroThreshold, offset, counts });
}

function checkFigures(sets: readonly BucketSet[], sum: number, min: number, max: number): void {
  const count = sets.reduce((total, set) => total + set.count, 0);
  if (!Number.isSafeInteger(count)) refuse('more than 2^53 samples');
  if (!(min >= 0 && min <= max && max <= MAX_VALUE)) refuse('least and greatest cannot be');
  const rounding = 1e-9 * count * max;
  if (sum < count * min - rounding || sum > count * max + rounding) refuse('the sum does not fit least and greatest');
}

function atEnd(reader: ByteReader, content: HistogramContent): HistogramContent {
  if (reader.remaining > 0) refuse(`${reader.remaining} bytes too many`);
  return content;
}

function unzigzag(code: number): number {
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}

function refuse(what: string): never {
  throw new SketchFormatError(`histogram: ${what}`);
}
