/** A family of histograms that is counted value by value, for what is measured where it is exposed. */
import { Digest } from '@mcp-vitals/sketch';
import type { Family } from './families.ts';
import { Histogram, HistogramShape } from './histogram.ts';
import type { Labels } from './labels.ts';
import type { FamilySamples, Sample } from './sample.ts';

export class ValueHistograms {
  readonly #shape: HistogramShape;
  readonly #histograms = new Map<string, Histogram>();

  /** @param unitsPerValue what one unit of a value is in that of the family: 1 / 1000 for milliseconds in seconds */
  constructor(
    private readonly family: Family,
    unitsPerValue = 1,
  ) {
    this.#shape = new HistogramShape(family, unitsPerValue);
  }

  /** @param labels of which there are a bounded number */
  add(labels: Labels, value: number): void {
    const key = JSON.stringify(Object.values(labels));
    let histogram = this.#histograms.get(key);
    if (histogram === undefined) {
      histogram = new Histogram(this.#shape, labels);
      this.#histograms.set(key, histogram);
    }
    histogram.add({ digest: Digest.ofSorted(Float64Array.of(value)) });
  }

  collect(): FamilySamples {
    const samples: Sample[] = [];
    for (const histogram of this.#histograms.values()) histogram.pushSamples(samples);
    return { family: this.family, samples };
  }
}
