/** Reads what `ByteWriter` wrote, and refuses everything else with the position at which it ceased to make sense. */
import { MAX_VARINT_BYTES } from './byteWriter.ts';
import { SketchFormatError } from './formatError.ts';

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(
    bytes: Uint8Array,
    /** What the bytes should be, for messages. */
    private readonly what = 'digest',
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  /** @throws SketchFormatError also for integers beyond 2^53 and for ones written with more bytes than needed */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 1; length <= MAX_VARINT_BYTES; length++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte > 127) continue;
      if (byte === 0 && length > 1) this.#fail('a varint with superfluous bytes');
      if (value > Number.MAX_SAFE_INTEGER) break;
      return value;
    }
    return this.#fail('a varint beyond 2^53');
  }

  /** @throws SketchFormatError also for NaN and infinities */
  finiteFloat64(): number {
    this.#need(8);
    const value = this.#view.getFloat64(this.#at);
    if (!Number.isFinite(value)) this.#fail(`${value}`);
    this.#at += 8;
    return value;
  }

  #need(bytes: number): void {
    if (this.remaining < bytes) this.#fail('the end');
  }

  #fail(what: string): never {
    throw new SketchFormatError(`${this.what}: ${what} at byte ${this.#at}`);
  }
}
