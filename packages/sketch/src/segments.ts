/**
 * Samples of which only a range is known, and points where they are known: quantiles over any of them together. Ranges
 * may overlap, as those of histograms with different layouts do.
 */
export class Segments {
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #counts: number[] = [];

  /** `count` samples spread evenly over a range; a point where both ends are the same. */
  add(lower: number, upper: number, count: number): void {
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#counts.push(count);
  }

  /** How many samples are at most `value`; a fraction where a range is cut. */
  countUpTo(value: number): number {
    return this.#sum((lower, upper) => {
      if (upper <= value) return 1;
      return lower >= value ? 0 : (value - lower) / (upper - lower);
    });
  }

  /** The value that `position` samples do not exceed; a whole sample is half a position on either side of it. */
  valueAt(position: number): number {
    const edges = [...new Set([...this.#lower, ...this.#upper])].sort((a, b) => a - b);
    const at = firstIndex(edges.length, (i) => this.countUpTo(edges[i]!) >= position);
    const edge = edges[Math.min(at, edges.length - 1)]!;
    const previous = edges[at - 1];
    if (previous === undefined || at >= edges.length) return edge;
    const before = this.countUpTo(previous);
    const below = this.countUpTo(edge) - this.#sum((lower, upper) => (lower === edge && upper === edge ? 1 : 0));
    return position >= below ? edge : previous + ((edge - previous) * (position - before)) / (below - before);
  }

  #sum(share: (lower: number, upper: number) => number): number {
    let sum = 0;
    for (const [i, count] of this.#counts.entries()) sum += count * share(this.#lower[i]!, this.#upper[i]!);
    return sum;
  }
}

/** The first index for which `holds`, which holds for all that follow; `length` when it holds for none. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
