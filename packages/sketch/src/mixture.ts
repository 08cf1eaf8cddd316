/** Samples of which some are in a digest and some in a histogram: a tool that was measured in two ways within a span. */
import { ByteReader } from './byteReader.ts';
import { ByteWriter, MAX_VARINT_BYTES } from './byteWriter.ts';
import { Digest } from './digest.ts';
import { MIXTURE_VERSION } from './format.ts';
import { SketchFormatError } from './formatError.ts';
import { Histogram } from './histogram.ts';
import type { Segments } from './segments.ts';
import { rankOf, type Sketch } from './sketch.ts';

/** Both have samples. */
export class Mixture implements Sketch {
  constructor(
    readonly digest: Digest,
    readonly histogram: Histogram,
  ) {}

  /** @throws SketchFormatError when `bytes` are anything but what `toBytes` makes */
  static fromBytes(bytes: Uint8Array): Mixture {
    const reader = new ByteReader(bytes, 'mixture');
    if (reader.byte() !== MIXTURE_VERSION << 4) throw new SketchFormatError('mixture: of another version');
    const digestBytes = reader.varint();
    if (digestBytes > reader.remaining) throw new SketchFormatError('mixture: the digest ends early');
    const at = bytes.length - reader.remaining;
    const digest = Digest.fromBytes(bytes.subarray(at, at + digestBytes));
    const histogram = Histogram.fromBytes(bytes.subarray(at + digestBytes));
    if (digest.count === 0 || histogram.count === 0) throw new SketchFormatError('mixture: one part is empty');
    return new Mixture(digest, histogram);
  }

  toBytes(): Uint8Array {
    const [digest, histogram] = [this.digest.toBytes(), this.histogram.toBytes()];
    const head = new ByteWriter(1 + MAX_VARINT_BYTES);
    head.byte(MIXTURE_VERSION << 4);
    head.varint(digest.length);
    const headBytes = head.finish();
    const bytes = new Uint8Array(headBytes.length + digest.length + histogram.length);
    bytes.set(headBytes);
    bytes.set(digest, headBytes.length);
    bytes.set(histogram, headBytes.length + digest.length);
    return bytes;
  }

  get count(): number {
    return this.digest.count + this.histogram.count;
  }

  get sum(): number {
    return this.digest.sum + this.histogram.sum;
  }

  get min(): number {
    return Math.min(this.digest.min, this.histogram.min);
  }

  get max(): number {
    return Math.max(this.digest.max, this.histogram.max);
  }

  quantile(q: number): number {
    const rank = rankOf(q, this.count);
    if (q === 0 || q === 1) return q === 0 ? this.min : this.max;
    return this.#segments().valueAt(rank - 0.5);
  }

  countAbove(value: number): number {
    return this.digest.countAbove(value) + this.histogram.countAbove(value);
  }

  forEach(visit: (value: number, n: number) => void): void {
    this.digest.forEach(visit);
    this.histogram.forEach(visit);
  }

  #segments(): Segments {
    const segments = this.histogram.segments();
    this.digest.forEach((mean, n) => {
      segments.add(mean, mean, n);
    });
    return segments;
  }
}
