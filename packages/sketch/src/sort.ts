/**
 * Sorts clusters by mean. What is merged arrives as sorted runs (a digest is one), so a natural merge sort touches each
 * cluster log2(runs) times, and carries the weights along, which `Float64Array.sort` cannot. It is stable, hence the same
 * input always gives the same bytes.
 */

/** Starts of the ascending runs in `means`, and `size` as the last entry. */
function findRuns(means: Float64Array, size: number): number[] {
  const starts = [0];
  for (let i = 1; i < size; i++) if (means[i]! < means[i - 1]!) starts.push(i);
  starts.push(size);
  return starts;
}

interface Pair {
  means: Float64Array;
  weights: Float64Array;
}

function mergeTwo(from: Pair, to: Pair, start: number, middle: number, end: number): void {
  const { means, weights } = from;
  let left = start;
  let right = middle;
  for (let out = start; out < end; out++) {
    const takeLeft = right >= end || (left < middle && means[left]! <= means[right]!);
    const source = takeLeft ? left++ : right++;
    to.means[out] = means[source]!;
    to.weights[out] = weights[source]!;
  }
}

/** Sorts the first `size` clusters in place. */
export function sortClusters(means: Float64Array, weights: Float64Array, size: number): void {
  let starts = findRuns(means, size);
  if (starts.length <= 2) return;
  const original: Pair = { means, weights };
  let from = original;
  let to: Pair = { means: new Float64Array(size), weights: new Float64Array(size) };
  while (starts.length > 2) {
    const next: number[] = [];
    for (let run = 0; run + 1 < starts.length; run += 2) {
      const end = starts[Math.min(run + 2, starts.length - 1)]!;
      mergeTwo(from, to, starts[run]!, starts[run + 1]!, end);
      next.push(starts[run]!);
    }
    next.push(size);
    starts = next;
    [from, to] = [to, from];
  }
  if (from === original) return;
  means.set(from.means);
  weights.set(from.weights);
}
