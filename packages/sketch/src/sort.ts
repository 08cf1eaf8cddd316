/**
 * Sorts clusters by mean. What is merged arrives as sorted runs (a digest is one), so a natural merge sort touches each
 * cluster log2(runs) times, and carries the weights along, which `Float64Array.sort` cannot. It is stable, hence the same
 * input always gives the same bytes.
 */

interface Clusters {
  means: Float64Array;
  weights: Float64Array;
}

/** Starts of the ascending runs in `means`, and `size` as the last entry. */
function findRuns(means: Float64Array, size: number): number[] {
  const starts = [0];
  for (let i = 1; i < size; i++) if (means[i]! < means[i - 1]!) starts.push(i);
  starts.push(size);
  return starts;
}

/** Merges the run from `start` to `middle` with the one from `middle` to `end`. */
function mergeTwo(from: Clusters, to: Clusters, start: number, middle: number, end: number): void {
  const { means, weights } = from;
  const { means: toMeans, weights: toWeights } = to;
  let left = start;
  let right = middle;
  let out = start;
  while (left < middle && right < end) {
    const source = means[left]! <= means[right]! ? left++ : right++;
    toMeans[out] = means[source]!;
    toWeights[out] = weights[source]!;
    out++;
  }
  const rest = left < middle ? left : right;
  const restEnd = left < middle ? middle : end;
  toMeans.set(means.subarray(rest, restEnd), out);
  toWeights.set(weights.subarray(rest, restEnd), out);
}

/** Merges each run with the next; a last one without partner is copied. */
function mergePairs(from: Clusters, to: Clusters, starts: readonly number[]): number[] {
  const merged: number[] = [];
  const runs = starts.length - 1;
  const size = starts[runs]!;
  for (let run = 0; run < runs; run += 2) {
    const start = starts[run]!;
    mergeTwo(from, to, start, starts[run + 1]!, run + 2 <= runs ? starts[run + 2]! : size);
    merged.push(start);
  }
  merged.push(size);
  return merged;
}

/** Sorts the first `size` clusters in place. */
export function sortClusters(means: Float64Array, weights: Float64Array, size: number): void {
  let starts = findRuns(means, size);
  if (starts.length <= 2) return;
  const original: Clusters = { means, weights };
  let from = original;
  let to: Clusters = { means: new Float64Array(size), weights: new Float64Array(size) };
  while (starts.length > 2) {
    starts = mergePairs(from, to, starts);
    [from, to] = [to, from];
  }
  if (from === original) return;
  means.set(from.means);
  weights.set(from.weights);
}
