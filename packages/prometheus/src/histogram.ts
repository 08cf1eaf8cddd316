/** A histogram that grows by whole windows: counts by bucket, sum and count, never falling. */
import { type Sketch, sketchOf } from '@mcp-vitals/sketch';
import type { Exemplar as WireExemplar } from '@mcp-vitals/wire/encode';
import { addBucketCounts, type CountedWindow } from './bucketCounts.ts';
import type { Family } from './families.ts';
import type { Labels } from './labels.ts';
import type { Exemplar, Sample } from './sample.ts';

/** What all histograms of a family have in common. */
export class HistogramShape {
  /** In the unit of the samples. */
  readonly bounds: readonly number[];
  readonly bucketName: string;
  readonly sumName: string;
  readonly countName: string;
  /** One per bound, and one for +Inf. */
  readonly bucketLabels: readonly Labels[];

  /** @param unitsPerSample what one unit of a sample is in that of the family: 1 / 1000 for milliseconds in seconds */
  constructor(
    readonly family: Family,
    readonly unitsPerSample: number,
  ) {
    const { name, buckets = [] } = family;
    this.bounds = buckets.map((bound) => Math.round((bound / unitsPerSample) * 1e6) / 1e6);
    this.bucketName = `${name}_bucket`;
    this.sumName = `${name}_sum`;
    this.countName = `${name}_count`;
    this.bucketLabels = [...buckets.map(String), '+Inf'].map((le) => ({ le }));
  }
}

export class Histogram {
  readonly #counts: Float64Array;
  #sum = 0;
  #count = 0;
  #exemplars: (Exemplar | undefined)[] | undefined;

  constructor(
    private readonly shape: HistogramShape,
    private readonly labels: Labels,
  ) {
    this.#counts = new Float64Array(shape.bounds.length);
  }

  get count(): number {
    return this.#count;
  }

  /** In the unit of the family. */
  get sum(): number {
    return this.#sum;
  }

  add(window: CountedWindow): void {
    addBucketCounts(window, this.shape.bounds, this.#counts);
    const sketch = sketchOf(window);
    this.#count += sketch.count;
    this.#sum += growth(sketch) * this.shape.unitsPerSample;
  }

  /** Keeps the newest of each bucket. @param skewMs sender's clock minus ours */
  addExemplar({ traceId, spanId, valueMs, atMs }: WireExemplar, skewMs: number): void {
    const timestamp = (atMs - skewMs) / 1000;
    const bucket = this.shape.bounds.findIndex((bound) => valueMs <= bound);
    const index = bucket < 0 ? this.shape.bounds.length : bucket;
    this.#exemplars ??= [];
    if (timestamp < (this.#exemplars[index]?.timestamp ?? 0)) return;
    const labelSet = { trace_id: traceId, span_id: spanId };
    this.#exemplars[index] = { labelSet, value: valueMs * this.shape.unitsPerSample, timestamp };
  }

  pushSamples(into: Sample[]): void {
    const { bucketName, bucketLabels, sumName, countName } = this.shape;
    for (let i = 0; i < bucketLabels.length; i++) {
      const value = this.#counts[i] ?? this.#count;
      const sample: Sample = { metricName: bucketName, labels: bucketLabels[i]!, sharedLabels: this.labels, value };
      const exemplar = this.#exemplars?.[i];
      if (exemplar !== undefined) sample.exemplar = exemplar;
      into.push(sample);
    }
    into.push({ metricName: sumName, labels: {}, sharedLabels: this.labels, value: this.#sum });
    into.push({ metricName: countName, labels: {}, sharedLabels: this.labels, value: this.#count });
  }
}

/** What a window adds to a sum. A sender that means harm may send less than nothing, and sums never fall. */
export function growth({ count, sum }: Sketch): number {
  return count === 0 ? 0 : Math.max(0, sum);
}
