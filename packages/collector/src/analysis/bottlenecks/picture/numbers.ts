/** Small statistics over columns. Sums and shares; values without a weight do not count. */

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** Of the known values, each as important as its weight; NaN where there is none. */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let [total, weight] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!) || weights[i] === 0) continue;
    total += values[i]! * weights[i]!;
    weight += weights[i]!;
  }
  return weight === 0 ? Number.NaN : total / weight;
}

/** The least value that has so much of the weight at or below it; NaN of none. */
export function weightedQuantile(q: number, values: readonly number[], weights: readonly number[]): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const target = q * sum(weights);
  let reached = 0;
  for (const i of order) {
    reached += weights[i]!;
    if (reached >= target) return values[i]!;
  }
  return Number.NaN;
}

/** Slope and mean of the straight line with the least weighted squares; undefined where all `x` are one. */
export function weightedLine(
  points: readonly { x: number; y: number; weight: number }[],
): { slope: number; spread: number } | undefined {
  const weight = points.reduce((total, point) => total + point.weight, 0);
  const meanX = points.reduce((total, { x, weight: w }) => total + w * x, 0) / weight;
  const meanY = points.reduce((total, { y, weight: w }) => total + w * y, 0) / weight;
  const xx = points.reduce((total, { x, weight: w }) => total + w * (x - meanX) ** 2, 0);
  const xy = points.reduce((total, { x, y, weight: w }) => total + w * (x - meanX) * (y - meanY), 0);
  return xx / weight < 1e-9 ? undefined : { slope: xy / xx, spread: Math.sqrt(xx / weight) };
}
