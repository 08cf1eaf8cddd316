/** The part of npm `tdigest` that benchmarks and differential tests use; the package brings no types. */
declare module 'tdigest' {
  export interface TDigest {
    push(values: number | readonly number[]): void;
    push_centroid(centroids: readonly { mean: number; n: number }[]): void;
    compress(): void;
    toArray(): { mean: number; n: number }[];
    percentile(q: number): number | undefined;
    size(): number;
  }
  const tdigest: { TDigest: new () => TDigest };
  export default tdigest;
}
