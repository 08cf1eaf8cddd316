/**
 * The cheapest way to cut a series into segments of one level each: the sum of squares around their means, plus a penalty per segment,
 * by optimal partitioning (Jackson et al. 2005, IEEE Signal Processing Letters 12, 105-108). Its time grows with the square of the
 * length; for the thousand steps there are at most, what leaves some of it out (PELT) would save a millisecond.
 */

export interface Segments {
  /** Exclusive ends, ascending, the last is the length. */
  ends: number[];
  cost: number;
}

/** @param values none of them NaN @param minSteps of a segment @param penalty per segment beyond the first, in squared units */
export function segmentEnds(values: Float64Array, minSteps: number, penalty: number): Segments {
  const squaresWithin = squaresOf(values);
  const length = values.length;
  const best = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY);
  const begin = new Int32Array(length + 1);
  best[0] = -penalty;
  for (let end = Math.min(minSteps, length); end <= length; end++) {
    for (let from = 0; from <= end - minSteps || from === 0; from++) {
      const cost = best[from]! + squaresWithin(from, end) + penalty;
      if (cost < best[end]!) {
        best[end] = cost;
        begin[end] = from;
      }
    }
  }
  const ends: number[] = [];
  for (let end = length; end > 0; end = begin[end]!) ends.unshift(end);
  return { ends, cost: best[length]! };
}

/** Around the mean of the values from `from` to before `end`. */
function squaresOf(values: Float64Array): (from: number, end: number) => number {
  // Around the middle of all, so that large levels leave digits for small differences.
  const centre = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! - centre;
    sums[i + 1] = sums[i]! + value;
    squares[i + 1] = squares[i]! + value * value;
  }
  return (from, end) => {
    const sum = sums[end]! - sums[from]!;
    return Math.max(0, squares[end]! - squares[from]! - (sum * sum) / (end - from));
  };
}
