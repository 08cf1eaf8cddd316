/**
 * The heart of the sketch: joins neighbouring clusters of sorted data until about `compression` are left or fewer, small
 * ones at both ends and larger ones in the middle, so that extreme quantiles are as good as the median. Three additions
 * to the textbook's t-digest (reasons and measurements: docs/decisions/0003-sketch.md): a value that repeats a lot stays
 * by itself, so do the two samples beside a gap, and clusters grow more slowly at the upper end, where p99.9 is.
 *
 * Clusters are two parallel arrays. A positive weight says that all samples of the cluster equal its mean (one sample
 * always does); a negative weight, the same for samples that differ. One array fewer to move than with a flag apart.
 */

/** Two samples that differ by more than this share of the larger one have a gap between them; nothing is joined across. */
const GAP = 0.02;

/** The largest samples, so many, stay by themselves; below them a cluster may grow with the square of what is above. */
const UPPER_TAIL = 64;

/** Between clusters of different samples there is no gap: its two sides would have been kept by themselves before. */
function isGap(means: Float64Array, weights: Float64Array, i: number): boolean {
  if (weights[i]! < 0 || weights[i + 1]! < 0) return false;
  const lower = means[i]!;
  const upper = means[i + 1]!;
  return upper - lower > GAP * Math.max(Math.abs(lower), Math.abs(upper));
}

/**
 * The scale function k2 as a limit, which needs no logarithm per cluster: a cluster at q may hold this times q (1 - q).
 */
function k2Unit(total: number, compression: number): number {
  return (total * (4 * Math.max(0, Math.log(total / compression)) + 24)) / compression;
}

/** The weight that a cluster of the samples number `from` to `to` of `total` may have. */
function weightLimit(from: number, to: number, total: number, unit: number): number {
  const above = (total - to) / UPPER_TAIL;
  const k2 = (unit * Math.min(from * (total - from), to * (total - to))) / (total * total);
  return Math.min(k2, Math.max(1, above * above));
}

/**
 * Joins equal values, in place. Loses nothing.
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
 * Joins neighbours of sorted clusters, in place, as far as the scale function allows.
 * @param total the samples in all clusters
 * @param acrossGaps whether gaps count as well; the two ends stay by themselves in any case
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
  const unit = k2Unit(total, compression);
  let last = -1;
  let before = 0;
  let held = 0;
  let open = false;
  let gapBefore = true;
  for (let i = 0; i < size; i++) {
    const mean = means[i]!;
    const signed = weights[i]!;
    const weight = Math.abs(signed);
    const together = held + weight;
    const gapAfter = i === size - 1 || (!acrossGaps && isGap(means, weights, i));
    const limit = weightLimit(before, before + together, total, unit);
    // A repeat that fills half a cluster is worth a cluster; that at most doubles their number.
    const alone = gapBefore || gapAfter || (signed > 1 && 2 * weight > limit);
    if (open && !alone && together <= limit) {
      held = together;
      // Rounding must not carry the mean past its greatest member: the order of the clusters depends on it.
      means[last] = Math.min(mean, means[last]! + ((mean - means[last]!) * weight) / together);
      weights[last] = -together;
    } else {
      before += held;
      held = weight;
      last++;
      means[last] = mean;
      weights[last] = signed;
      open = !alone;
    }
    gapBefore = gapAfter;
  }
  return last + 1;
}
