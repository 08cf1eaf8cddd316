/**
 * From ranks to values and back. Sample number r (from 1) sits at position r - 0.5. A cluster of equal samples is flat
 * over its positions, one of different samples is known at its middle only; between what is known, values are
 * interpolated. As samples beside a gap are kept by themselves, no position inside a gap exists.
 */

/** @returns the value at `position`, which lies between 0 and the sum of the weights */
export function valueAt(
  means: Float64Array,
  weights: Float64Array | undefined,
  size: number,
  position: number,
): number {
  if (!weights) return means[Math.min(size - 1, Math.floor(position))]!;
  let before = 0;
  let knownAt = 0;
  for (let i = 0; i < size; i++) {
    const weight = Math.abs(weights[i]!);
    const half = weights[i]! > 0 ? 0.5 : weight / 2;
    const flatFrom = before + half;
    if (position < flatFrom) {
      if (i === 0) return means[0]!;
      const share = (position - knownAt) / (flatFrom - knownAt);
      return means[i - 1]! + (means[i]! - means[i - 1]!) * share;
    }
    before += weight;
    knownAt = before - half;
    if (position <= knownAt) return means[i]!;
  }
  return means[size - 1]!;
}

/** @returns the number of samples that are at most `value`; estimated inside clusters of different samples */
export function countUpTo(means: Float64Array, weights: Float64Array | undefined, size: number, value: number): number {
  let before = 0;
  let knownAt = 0;
  for (let i = 0; i < size; i++) {
    const signed = weights ? weights[i]! : 1;
    const weight = Math.abs(signed);
    const half = signed > 0 ? 0.5 : weight / 2;
    if (means[i]! > value) {
      if (i === 0) return 0;
      const share = (value - means[i - 1]!) / (means[i]! - means[i - 1]!);
      return Math.floor(knownAt + share * (before + half - knownAt) + 0.5);
    }
    before += weight;
    knownAt = before - half;
  }
  return before;
}
