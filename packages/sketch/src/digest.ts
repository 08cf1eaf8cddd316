/**
 * A merging t-digest on flat arrays: quantiles of any number of samples in a few hundred clusters, which can be merged
 * without the samples. Deterministic: the same calls give the same bytes. Up to `2 * compression` different values
 * it is no estimate at all but the values themselves.
 */
import { compress, joinRepeats } from './compress.ts';
import { decodeContent } from './decodeDigest.ts';
import { encodeContent } from './encodeDigest.ts';
import { countOf, type DigestContent, MAX_VALUE, sumOf } from './format.ts';
import { SketchFormatError } from './formatError.ts';
import { countUpTo, valueAt } from './ranks.ts';
import { rankOf, type Sketch } from './sketch.ts';
import { sortClusters } from './sort.ts';

export { SketchFormatError };

/** About half as many clusters for a million samples; errors of p50 to p99.9 well under half a per cent. */
export const DEFAULT_COMPRESSION = 500;

/** What `fromCentroids` takes and `centroids` gives: the form that npm `tdigest` reads and writes. */
export interface Centroid {
  mean: number;
  /** Number of samples, a positive integer. */
  n: number;
}

const FIRST_ROOM = 8;

/** Clusters that `Digest.merge` gathers before it compresses: the more at once, the fewer errors add up. */
const MERGE_ROOM = 8_192;

export class Digest implements Sketch {
  readonly compression: number;
  #means: Float64Array = new Float64Array(0);
  /** Absent while every weight is 1. Negative: see compress.ts. */
  #weights: Float64Array | undefined;
  #size = 0;
  #room: number;
  #settled = true;
  #count = 0;
  #sum = 0;

  /** @throws RangeError unless `compression` is between 10 and 10,000 */
  constructor(compression: number = DEFAULT_COMPRESSION) {
    if (!(compression >= 10 && compression <= 10_000)) throw new RangeError(`compression ${compression}: 10 to 10000`);
    this.compression = compression;
    this.#room = 4 * compression;
  }

  /**
   * Takes over `values`: the caller no longer touches the array.
   * @param values finite and ascending; whole microseconds make the shortest bytes
   * @throws RangeError when they are not
   */
  static ofSorted(values: Float64Array): Digest {
    const digest = new Digest();
    let previous = -MAX_VALUE;
    for (const value of values) {
      if (!(value >= previous && value <= MAX_VALUE)) throw new RangeError(`${value} after ${previous}: not ascending`);
      previous = value;
      digest.#sum += value;
    }
    digest.#means = values;
    digest.#size = values.length;
    digest.#count = values.length;
    digest.#settled = values.length <= 2 * digest.compression;
    return digest;
  }

  /** @throws RangeError for a mean that is not finite or an `n` that is no positive integer */
  static fromCentroids(centroids: Iterable<Centroid>, compression?: number): Digest {
    const digest = new Digest(compression);
    for (const { mean, n } of centroids) {
      checkSample(mean, n);
      digest.#append(mean, n === 1 ? 1 : -n);
      digest.#count += n;
      digest.#sum += mean * n;
    }
    return digest;
  }

  /** The digest of all samples of all `digests`, which stay as they are. */
  static merge(digests: Iterable<Digest>, compression?: number): Digest {
    const merged = new Digest(compression);
    merged.#room = MERGE_ROOM;
    for (const digest of digests) merged.merge(digest);
    merged.#settle();
    merged.#resize(merged.#size);
    return merged;
  }

  /** @throws SketchFormatError when `bytes` are anything but what `toBytes` makes */
  static fromBytes(bytes: Uint8Array): Digest {
    const content = decodeContent(bytes);
    const digest = new Digest();
    digest.#means = content.means;
    digest.#weights = content.weights;
    digest.#size = content.means.length;
    digest.#count = countOf(content);
    digest.#sum = content.sum;
    digest.#settled = digest.#size <= 2 * digest.compression;
    return digest;
  }

  toBytes(): Uint8Array {
    return encodeContent(this.#content());
  }

  /**
   * @param weight how many samples of this value, a positive integer
   * @throws RangeError for a value that is not finite or a weight that is no positive integer
   */
  add(value: number, weight = 1): void {
    checkSample(value, weight);
    this.#append(value, weight);
    this.#count += weight;
    this.#sum += value * weight;
  }

  /** Takes in the samples of `other`, which stays as it is. */
  merge(other: Digest): void {
    other.#settle();
    this.#reserve(other.#size);
    if (other.#weights) this.#weigh();
    this.#means.set(other.#means.subarray(0, other.#size), this.#size);
    if (other.#weights) this.#weights?.set(other.#weights.subarray(0, other.#size), this.#size);
    else this.#weights?.fill(1, this.#size, this.#size + other.#size);
    this.#size += other.#size;
    this.#settled &&= other.#size === 0;
    this.#count += other.#count;
    this.#sum += other.#sum;
  }

  /**
   * The smallest sample that at least the share `q` of the samples does not exceed (nearest rank); NaN when empty.
   * @param q from 0 to 1
   * @throws RangeError for any other `q`
   */
  quantile(q: number): number {
    const rank = rankOf(q, this.#count);
    this.#settle();
    if (this.#count === 0) return Number.NaN;
    return valueAt(this.#means, this.#weights, this.#size, rank - 0.5);
  }

  /** How many samples are greater than `value`; exact as long as the samples are kept as they are. */
  countAbove(value: number): number {
    this.#settle();
    return this.#count - countUpTo(this.#means, this.#weights, this.#size, value);
  }

  /** How many clusters there are. */
  get size(): number {
    this.#settle();
    return this.#size;
  }

  /** Visits the clusters in ascending order; makes no objects, unlike `centroids`. */
  forEach(visit: (mean: number, n: number) => void): void {
    this.#settle();
    const weights = this.#weights;
    for (let i = 0; i < this.#size; i++) visit(this.#means[i]!, weights ? Math.abs(weights[i]!) : 1);
  }

  centroids(): Centroid[] {
    this.#settle();
    const weights = this.#weights;
    return Array.from(this.#means.subarray(0, this.#size), (mean, i) => ({
      mean,
      n: weights ? Math.abs(weights[i]!) : 1,
    }));
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    this.#settle();
    return this.#sum;
  }

  /** NaN when empty. */
  get min(): number {
    this.#settle();
    return this.#size === 0 ? Number.NaN : this.#means[0]!;
  }

  /** NaN when empty. */
  get max(): number {
    this.#settle();
    return this.#size === 0 ? Number.NaN : this.#means[this.#size - 1]!;
  }

  #append(mean: number, weight: number): void {
    this.#reserve(1);
    if (weight !== 1) this.#weigh();
    this.#means[this.#size] = mean;
    if (this.#weights) this.#weights[this.#size] = weight;
    this.#size++;
    this.#settled = false;
  }

  /** Makes room for `more` clusters: by compressing once there is a lot to compress, else by growing. */
  #reserve(more: number): void {
    if (this.#size + more <= this.#means.length) return;
    if (this.#size + more > this.#room) this.#settle();
    if (this.#size + more > this.#means.length) this.#resize(Math.max(FIRST_ROOM, 2 * this.#size, this.#size + more));
  }

  #resize(room: number): void {
    this.#means = copyOf(this.#means, this.#size, room);
    if (this.#weights) this.#weights = copyOf(this.#weights, this.#size, room);
  }

  /** From here on, weights are written down. */
  #weigh(): Float64Array {
    this.#weights ??= new Float64Array(this.#means.length).fill(1, 0, this.#size);
    return this.#weights;
  }

  #content(): DigestContent {
    this.#settle();
    return {
      means: this.#means.subarray(0, this.#size),
      weights: this.#weights?.subarray(0, this.#size),
      sum: this.#sum,
    };
  }

  /** Puts what was appended in order, and compresses when there is too much of it. */
  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    const mostClusters = 2 * this.compression;
    if (!this.#weights && this.#size <= mostClusters) {
      this.#means.subarray(0, this.#size).sort();
      this.#tidySum();
      return;
    }
    const weights = this.#weigh();
    sortClusters(this.#means, weights, this.#size);
    this.#size = joinRepeats(this.#means, weights, this.#size);
    if (this.#size <= mostClusters && weights.subarray(0, this.#size).every((weight) => weight > 0)) {
      this.#tidySum();
      return;
    }
    this.#size = compress(this.#means, weights, this.#size, this.#count, this.compression, false);
    if (this.#size > mostClusters) {
      this.#size = compress(this.#means, weights, this.#size, this.#count, this.compression, true);
    }
  }

  /**
   * While the samples are at hand, the sum is theirs in ascending order, so that it depends neither on the order they
   * came in nor on a way through bytes. A sum that is off by more than rounding errors is better than that: it stems
   * from before the samples were rounded to ticks.
   */
  #tidySum(): void {
    const { means, weights } = this.#content();
    const sum = sumOf(means, weights);
    const largest = Math.max(Math.abs(means[0]!), Math.abs(means.at(-1)!));
    if (Math.abs(sum - this.#sum) <= 1e-14 * this.#count * largest) this.#sum = sum;
  }
}

function checkSample(value: number, weight: number): void {
  if (!(Math.abs(value) <= MAX_VALUE)) throw new RangeError(`sample ${value}: must be finite, at most ${MAX_VALUE}`);
  if (!(Number.isSafeInteger(weight) && weight > 0)) throw new RangeError(`weight ${weight}: a positive integer`);
}

function copyOf(values: Float64Array, size: number, room: number): Float64Array {
  const copy = new Float64Array(room);
  copy.set(values.subarray(0, size));
  return copy;
}
