/** The digest's byte form. */
import { SketchFormatError } from './formatError.ts';

export interface DigestContent {
  means: Float64Array;
  /** Absent when every weight is 1. */
  weights: Float64Array | undefined;
  sum: number;
}

const FORMAT = 0x10;

export function encodeContent(content: DigestContent): Uint8Array {
  const { means, weights, sum } = content;
  const bytes = new Uint8Array(13 + means.length * 16);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FORMAT);
  view.setUint32(1, means.length);
  view.setFloat64(5, sum);
  for (let i = 0; i < means.length; i++) {
    view.setFloat64(13 + 16 * i, means[i]!);
    view.setFloat64(21 + 16 * i, weights ? weights[i]! : 1);
  }
  return bytes;
}

export function decodeContent(bytes: Uint8Array): DigestContent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 13 || view.getUint8(0) !== FORMAT) throw new SketchFormatError('not a digest');
  const size = view.getUint32(1);
  if (bytes.length !== 13 + size * 16) throw new SketchFormatError('wrong length');
  const means = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    means[i] = view.getFloat64(13 + 16 * i);
    weights[i] = view.getFloat64(21 + 16 * i);
    const sorted = i === 0 || means[i]! >= means[i - 1]!;
    if (!Number.isFinite(means[i]) || !Number.isSafeInteger(weights[i]) || weights[i] === 0 || !sorted) {
      throw new SketchFormatError(`cluster ${i} is damaged`);
    }
  }
  return { means, weights: weights.some((weight) => weight !== 1) ? weights : undefined, sum: view.getFloat64(5) };
}
