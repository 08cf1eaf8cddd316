/**
 * Buckets whose edges are powers of a base: number i holds what is above base^i and up to base^(i + 1), in the sender's unit.
 * The base is 2^(2^-scale), so each scale has the edges of the one below it and one between each two: what was counted by
 * a higher scale can be counted by a lower one without loss.
 */
import { type BucketSet, checkCounts, difference, totalOf } from './buckets.ts';
import { MAX_VALUE } from './format.ts';

/** As many as OpenTelemetry's SDKs keep: with values from 1 to 1,000 they are at most 4.4 % wide. */
export const MAX_BUCKETS = 160;

/** Milliseconds of a unit, by its number in the byte form. */
export const UNITS_MS: readonly number[] = [1, 1_000, 1e-3, 1e-6];

export const MIN_SCALE = -10;
export const MAX_SCALE = 20;

/** Binary orders of magnitude that a number has. */
const MAX_EXPONENT = 1_100;

export interface ExponentialCounts {
  /** One of `UNITS_MS`: how many milliseconds a value of 1 is. */
  unitMs: number;
  scale: number;
  /** Samples from 0 up to the threshold, which is in the sender's unit. */
  zeroCount: number;
  zeroThreshold: number;
  /** Number of the first bucket. */
  offset: number;
  counts: readonly number[];
}

export class ExponentialBuckets implements BucketSet {
  readonly layout: string;
  readonly count: number;
  /** Without empty buckets at its ends, and at a scale at which there are at most `MAX_BUCKETS`. */
  readonly content: Readonly<ExponentialCounts>;

  /** @throws RangeError for what cannot be */
  constructor(given: ExponentialCounts) {
    check(given);
    this.content = limited(trimmed(given));
    this.layout = `exponential ${given.unitMs}`;
    this.count = given.zeroCount + totalOf(given.counts);
  }

  forEach(visit: (lower: number, upper: number, count: number) => void): void {
    const { unitMs, scale, zeroCount, zeroThreshold, offset, counts } = this.content;
    if (zeroCount > 0) visit(0, zeroThreshold * unitMs, zeroCount);
    const edge = (index: number) => unitMs * 2 ** (index * 2 ** -scale);
    for (const [i, count] of counts.entries()) if (count > 0) visit(edge(offset + i), edge(offset + i + 1), count);
  }

  merge(other: ExponentialBuckets): ExponentialBuckets {
    const [a, b] = sameScale(this.content, other.content);
    const offset = Math.min(a.offset, b.offset);
    const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
    const [mine, theirs] = [spread(a, offset, end), spread(b, offset, end)];
    return new ExponentialBuckets({
      ...a,
      zeroCount: a.zeroCount + b.zeroCount,
      zeroThreshold: Math.max(a.zeroThreshold, b.zeroThreshold),
      offset,
      counts: mine.map((count, i) => count + theirs[i]!),
    });
  }

  since(earlier: ExponentialBuckets): ExponentialBuckets | undefined {
    const [now, then] = sameScale(this.content, earlier.content);
    if (then.zeroCount > now.zeroCount || then.zeroThreshold > now.zeroThreshold) return undefined;
    const end = now.offset + now.counts.length;
    const isWithin = then.counts.length === 0 || (then.offset >= now.offset && then.offset + then.counts.length <= end);
    const counts = isWithin ? difference(now.counts, spread(then, now.offset, end)) : undefined;
    return counts && new ExponentialBuckets({ ...now, zeroCount: now.zeroCount - then.zeroCount, counts });
  }
}

function check({ unitMs, scale, zeroCount, zeroThreshold, offset, counts }: ExponentialCounts): void {
  if (!UNITS_MS.includes(unitMs)) throw new RangeError(`unit of ${unitMs} ms: is not known`);
  if (!(Number.isInteger(scale) && scale >= MIN_SCALE && scale <= MAX_SCALE)) {
    throw new RangeError(`scale ${scale}: ${MIN_SCALE} to ${MAX_SCALE}`);
  }
  if (!(zeroThreshold >= 0 && zeroThreshold <= MAX_VALUE)) throw new RangeError(`zero threshold ${zeroThreshold}`);
  const most = MAX_EXPONENT * 2 ** scale + 1;
  if (!(Number.isInteger(offset) && offset >= -most && offset + counts.length <= most)) {
    throw new RangeError(`buckets from ${offset} on: beyond all numbers`);
  }
  checkCounts([zeroCount, ...counts]);
}

function trimmed(given: ExponentialCounts): ExponentialCounts {
  const first = given.counts.findIndex((count) => count > 0);
  // Without buckets a scale says nothing, and must not make that of others coarser.
  if (first < 0) return { ...given, scale: 0, offset: 0, counts: [] };
  const last = given.counts.findLastIndex((count) => count > 0);
  return { ...given, offset: given.offset + first, counts: given.counts.slice(first, last + 1) };
}

function limited(content: ExponentialCounts): ExponentialCounts {
  let fitting = content;
  while (fitting.counts.length > MAX_BUCKETS) fitting = atScale(fitting, fitting.scale - 1);
  return fitting;
}

/** Two at a time become one, as often as it takes. */
function atScale(content: ExponentialCounts, scale: number): ExponentialCounts {
  const width = 2 ** (content.scale - scale);
  if (width === 1) return { ...content, scale };
  const offset = Math.floor(content.offset / width);
  const counts: number[] = new Array(
    Math.floor((content.offset + content.counts.length - 1) / width) - offset + 1,
  ).fill(0);
  for (const [i, count] of content.counts.entries())
    counts[Math.floor((content.offset + i) / width) - offset]! += count;
  return { ...content, scale, offset, counts };
}

function sameScale(a: ExponentialCounts, b: ExponentialCounts): [ExponentialCounts, ExponentialCounts] {
  if (a.counts.length === 0) return [{ ...a, scale: b.scale, offset: b.offset }, b];
  if (b.counts.length === 0) return [a, { ...b, scale: a.scale, offset: a.offset }];
  const scale = Math.min(a.scale, b.scale);
  return [atScale(a, scale), atScale(b, scale)];
}

/** The counts of the buckets from `offset` up to `end`. */
function spread(content: ExponentialCounts, offset: number, end: number): number[] {
  const counts = new Array<number>(end - offset).fill(0);
  for (const [i, count] of content.counts.entries()) counts[content.offset - offset + i] = count;
  return counts;
}
