/** Sketches of whatever kind, from bytes and merged. */
import { Digest } from './digest.ts';
import { HISTOGRAM_VERSION, MIXTURE_VERSION } from './format.ts';
import { Histogram } from './histogram.ts';
import { Mixture } from './mixture.ts';
import type { Sketch } from './sketch.ts';

/** The parts that a sketch consists of; a part without a sample may be absent. */
export interface SketchParts {
  digest?: Digest | undefined;
  histogram?: Histogram | undefined;
}

export function partsOf(sketch: Sketch): SketchParts {
  if (sketch instanceof Digest) return { digest: sketch };
  if (sketch instanceof Histogram) return { histogram: sketch };
  if (sketch instanceof Mixture) return { digest: sketch.digest, histogram: sketch.histogram };
  throw new TypeError('a sketch of an unknown kind');
}

/** The simplest sketch of both; of nothing, an empty digest. */
export function sketchOf({ digest, histogram }: SketchParts): Sketch {
  if (histogram === undefined || histogram.count === 0) return digest ?? new Digest();
  return digest === undefined || digest.count === 0 ? histogram : new Mixture(digest, histogram);
}

/** The sketch of all samples of all `sketches`, which stay as they are. */
export function mergeSketches(sketches: readonly Sketch[]): Sketch {
  if (sketches.every((sketch) => sketch instanceof Digest)) return Digest.merge(sketches);
  const parts = sketches.map(partsOf);
  const digests = parts.flatMap(({ digest }) => digest ?? []);
  const histograms = parts.flatMap(({ histogram }) => histogram ?? []);
  return sketchOf({ digest: Digest.merge(digests), histogram: Histogram.merge(histograms) });
}

/** @throws SketchFormatError when `bytes` are not what a sketch's `toBytes` makes */
export function sketchFromBytes(bytes: Uint8Array): Sketch {
  switch ((bytes[0] ?? 0) >> 4) {
    case HISTOGRAM_VERSION:
      return Histogram.fromBytes(bytes);
    case MIXTURE_VERSION:
      return Mixture.fromBytes(bytes);
    default:
      return Digest.fromBytes(bytes);
  }
}
