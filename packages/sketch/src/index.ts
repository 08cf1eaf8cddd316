export { DEFAULT_COMPRESSION, Digest, SketchFormatError } from './digest.ts';
