/**
 * The heart of the sketch: joins neighbouring clusters of sorted data until about `compression` are left, small ones at
 * both ends and larger ones in the middle, so that the relative error of an extreme quantile is as small as that of the
 * median. Two additions to the textbook's t-digest make it honest where data are not smooth: a value that repeats a lot
 * stays by itself, and so do the two samples on either side of a gap (see docs/decisions/0003-sketch.md).
 *
 * Clusters are two parallel arrays. A positive weight says that all samples of the cluster equal its mean (one sample
 * always does); a negative weight, the same for samples that differ. One array fewer to move than with a flag apart.
 */

/** Neighbours that differ by more than this share of the larger one have a gap between them: nothing is joined across it. */
const GAP = 0.02;

function isGap(lower: number, upper: number): boolean {
  return upper - lower > GAP * Math.max(Math.abs(lower), Math.abs(upper));
}

/**
 * Joins equal values, in place. Exact.
 * @returns how many clusters are left
 */
export function joinRepeats(means: Float64Array, weights: Float64Array, size: number): number {
  let last = 0;
  for (let i = 1; i < size; i++) {
    if (means[i] === means[last] && weights[i]! > 0 && weights[last]! > 0) weights[last]! += weights[i]!;
    else {
      last++;
      means[last] = means[i]!;
      weights[last] = weights[i]!;
    }
  }
  return Math.min(size, last + 1);
}

/**
 * Joins neighbours, in place, as far as the scale function k2 allows.
 * @param total the sum of all weights
 * @param acrossGaps whether to join across gaps too; the two ends stay by themselves in any case
 * @returns how many clusters are left
 */
export function compress(
  means: Float64Array,
  weights: Float64Array,
  size: number,
  total: number,
  compression: number,
  acrossGaps: boolean,
): number {
  // k2 in the form that needs no logarithm per cluster: one at q may hold `unit * q * (1 - q)` of `total`.
  const unit = (4 * Math.max(0, Math.log(total / compression)) + 24) / compression;
  let last = -1;
  let before = 0;
  let held = 0;
  let open = false;
  let gapBefore = true;
  for (let i = 0; i < size; i++) {
    const mean = means[i]!;
    const weight = Math.abs(weights[i]!);
    const gapAfter = i === size - 1 || (!acrossGaps && isGap(mean, means[i + 1]!));
    const from = before / total;
    const to = (before + held + weight) / total;
    const limit = unit * total * Math.min(from * (1 - from), to * (1 - to));
    const alone = gapBefore || gapAfter || (weights[i]! > 1 && 2 * weight > limit);
    if (open && !alone && held + weight <= limit) {
      held += weight;
      means[last] = Math.min(mean, means[last]! + ((mean - means[last]!) * weight) / held);
      weights[last] = -held;
    } else {
      before += held;
      held = weight;
      last++;
      means[last] = mean;
      weights[last] = weights[i]!;
      open = !alone;
    }
    gapBefore = gapAfter;
  }
  return last + 1;
}
