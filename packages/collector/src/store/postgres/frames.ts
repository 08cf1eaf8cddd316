/** Several byte strings in one, each with its length before it, so that the database can string them together. */

const FRAME_BYTES = 4;

/** An SQL expression for the frame of a column. */
export function framedSql(column: string): string {
  return `int4send(length(${column})) || ${column}`;
}

export function framed(content: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_BYTES + content.length);
  frame.writeInt32BE(content.length);
  frame.set(content, FRAME_BYTES);
  return frame;
}

export function* framesOf(bytes: Buffer): IterableIterator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const start = at + FRAME_BYTES;
    at = start + bytes.readInt32BE(at);
    yield bytes.subarray(start, at);
  }
}
