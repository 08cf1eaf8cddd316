/** Counts by a text from outside, of which there may be any number. */
import { labelValue, OTHER } from './labels.ts';

export class BoundedCounts {
  readonly #counts = new Map<string, number>();

  /** @param most different texts that are counted by themselves; the rest is `__other__` */
  constructor(private readonly most: number) {}

  add(text: string, by: number): void {
    const known = labelValue(text) || OTHER;
    const key = this.#counts.has(known) || this.#counts.size < this.most ? known : OTHER;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  [Symbol.iterator](): IterableIterator<[string, number]> {
    return this.#counts.entries();
  }
}
