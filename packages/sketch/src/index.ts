export { type Centroid, DEFAULT_COMPRESSION, Digest, SketchFormatError } from './digest.ts';
