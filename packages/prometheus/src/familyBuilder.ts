/** Gathers the samples of a scrape by family, in the order in which families come up. */
import type { Family } from './families.ts';
import type { FamilySamples, Sample } from './sample.ts';

export class FamilyBuilder {
  readonly #families = new Map<Family, Sample[]>();

  /** Where samples of the family go. */
  of(family: Family): Sample[] {
    const known = this.#families.get(family);
    if (known !== undefined) return known;
    const samples: Sample[] = [];
    this.#families.set(family, samples);
    return samples;
  }

  /** Families without a sample are left out. */
  built(): FamilySamples[] {
    return [...this.#families].filter(([, { length }]) => length > 0).map(([family, samples]) => ({ family, samples }));
  }
}
