/**
 * Walks over msgpack without building anything, before a real decoder sees it. A decoder recurses, and 72 kB of nested
 * arrays end the process with a stack overflow that nothing can catch; extension types make it construct dates, errors,
 * regular expressions and records. A batch has neither, so both are refused here, where only a counter is at stake.
 */
import { WireFormatError } from './wireFormatError.ts';

/** A batch is five deep: map, windows, window, errors, error. The rest is for fields that are still to come. */
const MAX_DEPTH = 16;

/** Bytes that follow a first byte from 0xc0 to 0xdf, without containers: negative for "the length is in so many bytes". */
const FIXED_SIZES: Readonly<Record<number, number>> = {
  192: 0, // nil
  194: 0, // false
  195: 0, // true
  196: -1, // bin 8
  197: -2, // bin 16
  198: -4, // bin 32
  202: 4, // float 32
  203: 8, // float 64
  204: 1, // uint 8
  205: 2, // uint 16
  206: 4, // uint 32
  207: 8, // uint 64
  208: 1, // int 8
  209: 2, // int 16
  210: 4, // int 32
  211: 8, // int 64
  217: -1, // str 8
  218: -2, // str 16
  219: -4, // str 32
};

const CONTAINER_OR_REFUSED = -128;

/** The same as a table by first byte. */
const SIZES = Int8Array.from({ length: 256 }, (_, first) => {
  if (first < 0x80 || first >= 0xe0) return 0;
  if (first >= 0xa0 && first < 0xc0) return first & 0x1f;
  return FIXED_SIZES[first] ?? CONTAINER_OR_REFUSED;
});

/** @throws WireFormatError unless `bytes` are one msgpack value without extension types and not too deep */
export function scanMsgpack(bytes: Uint8Array): void {
  // Values still missing in each container around the current one; the outermost "container" is the body.
  const missing = [1];
  let at = 0;
  while (missing.length > 0) {
    if (missing[missing.length - 1] === 0) {
      missing.pop();
      continue;
    }
    missing[missing.length - 1]!--;
    if (at >= bytes.length) throw truncated(bytes);
    const first = bytes[at++]!;
    const size = SIZES[first]!;
    if (size === CONTAINER_OR_REFUSED) {
      const lengthBytes = containerLengthBytes(first);
      if (lengthBytes < 0) throw refused(first, at - 1);
      const length = lengthBytes === 0 ? first & 0x0f : readLength(bytes, at, lengthBytes);
      at += lengthBytes;
      if (missing.length > MAX_DEPTH) throw new WireFormatError('too_deep', `body: nested deeper than ${MAX_DEPTH}`);
      missing.push(isMap(first) ? 2 * length : length);
    } else at += size >= 0 ? size : -size + readLength(bytes, at, -size);
  }
  if (at > bytes.length) throw truncated(bytes);
  if (at < bytes.length) throw new WireFormatError('not_msgpack', `body: ${bytes.length - at} bytes after its end`);
}

/** @returns 0 where the length is in the first byte, negative when it starts no container */
function containerLengthBytes(first: number): number {
  if (first < 0xa0) return 0;
  if (first === 0xdc || first === 0xde) return 2;
  return first === 0xdd || first === 0xdf ? 4 : -1;
}

function isMap(first: number): boolean {
  return first < 0x90 || first >= 0xde;
}

function readLength(bytes: Uint8Array, at: number, lengthBytes: number): number {
  if (at + lengthBytes > bytes.length) throw truncated(bytes);
  let length = 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + bytes[at + i]!;
  return length;
}

function truncated(bytes: Uint8Array): WireFormatError {
  return new WireFormatError('truncated', `body: ends in the middle of a value after ${bytes.length} bytes`);
}

function refused(first: number, at: number): WireFormatError {
  const what = first === 0xc1 ? 'a byte that msgpack does not use' : 'an extension type';
  return new WireFormatError('not_msgpack', `body: ${what} (0x${first.toString(16)}) at byte ${at}`);
}
