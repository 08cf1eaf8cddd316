/** Bytes that are not a digest. The message says what is wrong with them and where. */
export class SketchFormatError extends Error {
  override readonly name = 'SketchFormatError';
}
