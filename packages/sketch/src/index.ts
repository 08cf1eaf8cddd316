export { mergeSketches, partsOf, type SketchParts, sketchFromBytes, sketchOf } from './anySketch.ts';
export { type Centroid, DEFAULT_COMPRESSION, Digest, SketchFormatError } from './digest.ts';
export { ExplicitBuckets } from './explicitBuckets.ts';
export { ExponentialBuckets, type ExponentialCounts } from './exponentialBuckets.ts';
export { Histogram, type KnownFigures } from './histogram.ts';
export { Mixture } from './mixture.ts';
export type { Sketch } from './sketch.ts';
