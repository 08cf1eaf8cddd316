/**
 * What a series held as OTLP says it: sketches of samples as exponential histograms; histograms that somebody else counted as
 * what they are, with their own buckets. The one place where one becomes the other.
 */
import { Digest, ExplicitBuckets, ExponentialBuckets, Histogram, partsOf, type Sketch } from '@mcp-vitals/sketch';
import { UNIT_OF_KIND } from '../../model/series.ts';
import { type ExponentialHistogram, exponentialOf, mergeExponential } from '../exponential.ts';
import type { SeriesMinute } from '../minute.ts';
import type { Distributions } from '../totals.ts';

/** In the unit of the samples: ms, bytes. */
export interface ExplicitHistogram {
  bounds: readonly number[];
  /** One more than bounds. */
  counts: readonly number[];
}

export interface OtlpDistribution {
  exponential?: ExponentialHistogram | undefined;
  explicit?: ExplicitHistogram | undefined;
}

export const OTLP_DISTRIBUTIONS: Distributions<OtlpDistribution> = { of: distributionOf, merge };

function distributionOf({ kind, sketch }: SeriesMinute): OtlpDistribution | undefined {
  if (kind === 'counter' || kind === 'gauge' || sketch === undefined) return undefined;
  return sketchToDistribution(sketch, UNIT_OF_KIND[kind] === 'ms' ? 1 / 1000 : 1);
}

export function sketchToDistribution(sketch: Sketch, unitsPerSample: number): OtlpDistribution {
  const { digest = new Digest(), histogram } = partsOf(sketch);
  const distribution: OtlpDistribution =
    digest.count === 0 ? {} : { exponential: exponentialOf(digest, unitsPerSample) };
  return (histogram?.sets ?? []).map((buckets) => ofBuckets(buckets, unitsPerSample)).reduce(merge, distribution);
}

function ofBuckets(buckets: Histogram['sets'][number], unitsPerSample: number): OtlpDistribution {
  if (buckets instanceof ExplicitBuckets) return { explicit: { bounds: buckets.bounds, counts: buckets.counts } };
  if (!(buckets instanceof ExponentialBuckets)) throw new TypeError('buckets of an unknown kind');
  const { unitMs, scale, zeroCount, offset, counts } = buckets.content;
  const isSameUnit = Math.abs(unitMs * unitsPerSample - 1) < 1e-9;
  if (isSameUnit) return { exponential: { scale, zeroCount, offset, counts } };
  // Between units the edges of buckets differ, and what lies in one is spread over its neighbours.
  return { exponential: exponentialOf(Histogram.exponential(buckets.content), unitsPerSample) };
}

function merge(a: OtlpDistribution, b: OtlpDistribution): OtlpDistribution {
  return {
    exponential: both(a.exponential, b.exponential, mergeExponential),
    explicit: both(a.explicit, b.explicit, mergeExplicit),
  };
}

function both<Part>(
  a: Part | undefined,
  b: Part | undefined,
  mergeParts: (a: Part, b: Part) => Part,
): Part | undefined {
  return a === undefined || b === undefined ? (a ?? b) : mergeParts(a, b);
}

function mergeExplicit(a: ExplicitHistogram, b: ExplicitHistogram): ExplicitHistogram {
  const { bounds, counts } = new ExplicitBuckets(a.bounds, a.counts).merge(new ExplicitBuckets(b.bounds, b.counts));
  return { bounds, counts };
}
