/** Of finite values, in any order; NaN of none. */
export function median(values: Float32Array | Float64Array | readonly number[]): number {
  const sorted = ArrayBuffer.isView(values) ? values.slice().sort() : Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
