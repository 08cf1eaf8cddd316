/** One metric of a server's own with one set of labels: a counter, a gauge or an operation that takes time. */
import type { CountedWindow } from './bucketCounts.ts';
import type { CustomFamily } from './customFamilies.ts';
import type { FamilyBuilder } from './familyBuilder.ts';
import { growth, Histogram } from './histogram.ts';
import type { Labels } from './labels.ts';

export class CustomTotals {
  readonly #labels: Labels;
  #total = 0;
  readonly #histogram: Histogram | undefined;

  constructor(
    readonly family: CustomFamily,
    readonly server: string,
    ownLabels: readonly [string, string][],
  ) {
    this.#labels = Object.fromEntries([['server', server], ...ownLabels]);
    this.#histogram = family.shape && new Histogram(family.shape, this.#labels);
  }

  /** Of a counter, or of operations. */
  add(window: CountedWindow): void {
    if (this.#histogram) this.#histogram.add(window);
    else this.#total += growth(window.digest);
  }

  pushSamples(into: FamilyBuilder): void {
    const { family, alsoCounted } = this.family;
    if (family.type === 'gauge') return;
    if (this.#histogram === undefined) {
      into.of(family).push({ labels: this.#labels, value: this.#total });
      return;
    }
    this.#histogram.pushSamples(into.of(family));
    if (alsoCounted) into.of(alsoCounted).push({ labels: this.#labels, value: this.#histogram.count });
  }

  /** @param value added up over the processes that have said one */
  pushGauge(into: FamilyBuilder, value: number): void {
    into.of(this.family.family).push({ labels: this.#labels, value });
  }
}
