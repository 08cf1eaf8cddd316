/**
 * Reading a body while it passes. What passes is what came, byte for byte; a reader gets it decoded, and a reader that
 * fails is left out from there on.
 */
import { Transform, type TransformCallback } from 'node:stream';
import { createBrotliDecompress, createInflate, createUnzip } from 'node:zlib';

/** Whoever reads a body. */
export interface BodyReader {
  write(chunk: Uint8Array): void;
  /** The body is complete. Not called when it was cut off. */
  end(): void;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Whether a body of this content-encoding can be read. */
export function canDecode(encoding: string | undefined): boolean {
  return isIdentity(encoding) || Object.hasOwn(DECODERS, encoding!.toLowerCase());
}

/** A stream that passes everything on and lets `reader` see it. Back-pressure goes through it. */
export function readAlong(reader: BodyReader, encoding: string | undefined): Transform {
  return isIdentity(encoding) ? new PlainTap(reader) : new DecodingTap(reader, DECODERS[encoding!.toLowerCase()]!());
}

function isIdentity(encoding: string | undefined): boolean {
  return encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity';
}

class PlainTap extends Transform {
  #reader: BodyReader | undefined;

  constructor(reader: BodyReader) {
    super();
    this.#reader = reader;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#read((reader) => reader.write(chunk));
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.#read((reader) => reader.end());
    done();
  }

  #read(read: (reader: BodyReader) => void): void {
    if (this.#reader === undefined) return;
    try {
      read(this.#reader);
    } catch {
      this.#reader = undefined;
    }
  }
}

/** Waits for the decoder before it takes more, so that nothing piles up in it. */
class DecodingTap extends Transform {
  readonly #decoder: Transform;
  /** Goes on when the decoder has taken what it was given, or will never take it. */
  #goOn: TransformCallback | undefined;

  constructor(reader: BodyReader, decoder: Transform) {
    super();
    this.#decoder = decoder;
    const read = (what: () => void) => {
      try {
        what();
      } catch {
        decoder.destroy();
      }
    };
    decoder.on('data', (decoded: Buffer) => read(() => reader.write(decoded)));
    decoder.once('end', () => read(() => reader.end()));
    decoder.on('error', () => {}); // What cannot be decoded passes all the same; `close` follows.
    decoder.once('close', () => this.#next());
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.push(chunk);
    this.#goOn = done;
    if (this.#decoder.destroyed) this.#next();
    else this.#decoder.write(chunk, () => this.#next());
  }

  override _flush(done: TransformCallback): void {
    this.#goOn = done;
    if (this.#decoder.closed) this.#next();
    else this.#decoder.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#decoder.destroy();
    done(error);
  }

  #next(): void {
    const goOn = this.#goOn;
    this.#goOn = undefined;
    goOn?.();
  }
}
