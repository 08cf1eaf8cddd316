/**
 * Rows in PostgreSQL's binary COPY format, which is the quickest way in: nothing is printed and parsed. The format is
 * described at https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
 */
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Session } from './database.ts';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TWO_32 = 2 ** 32;

export class CopyWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #size = 0;
  #rows = 0;

  constructor(private readonly columns: number) {
    this.#room(SIGNATURE.length);
    this.#size += SIGNATURE.copy(this.#bytes);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Begins a row; all its columns must follow, in order. */
  row(): this {
    this.#room(2);
    this.#size = this.#bytes.writeInt16BE(this.columns, this.#size);
    this.#rows++;
    return this;
  }

  smallint(value: number): this {
    this.#length(2);
    this.#size = this.#bytes.writeInt16BE(value, this.#size);
    return this;
  }

  integer(value: number): this {
    this.#length(4);
    this.#size = this.#bytes.writeInt32BE(value, this.#size);
    return this;
  }

  /** Any safe integer. */
  bigint(value: number): this {
    const high = Math.floor(value / TWO_32);
    this.#length(8);
    this.#size = this.#bytes.writeInt32BE(high, this.#size);
    this.#size = this.#bytes.writeUInt32BE(value - high * TWO_32, this.#size);
    return this;
  }

  /** NaN becomes NULL. */
  double(value: number): this {
    if (Number.isNaN(value)) return this.null();
    this.#length(8);
    this.#size = this.#bytes.writeDoubleBE(value, this.#size);
    return this;
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value));
  }

  bytes(value: Uint8Array | null): this {
    if (value === null) return this.null();
    this.#length(value.length);
    this.#bytes.set(value, this.#size);
    this.#size += value.length;
    return this;
  }

  /** A value of `length` bytes, which `write` puts where it belongs. */
  value(length: number, write: (bytes: Buffer, at: number) => void): this {
    this.#length(length);
    write(this.#bytes, this.#size);
    this.#size += length;
    return this;
  }

  null(): this {
    this.#room(4);
    this.#size = this.#bytes.writeInt32BE(-1, this.#size);
    return this;
  }

  /** @param target e.g. `rollup_open (start, series)` */
  async copyTo(session: Session, target: string): Promise<void> {
    if (this.#rows === 0) return;
    this.#room(2);
    this.#size = this.#bytes.writeInt16BE(-1, this.#size);
    const stream = session.client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
    stream.end(this.#bytes.subarray(0, this.#size));
    await finished(stream);
  }

  #length(bytes: number): void {
    this.#room(4 + bytes);
    this.#size = this.#bytes.writeInt32BE(bytes, this.#size);
  }

  #room(more: number): void {
    if (this.#size + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#size + more));
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }
}

/** PostgreSQL's text holds no NUL. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\u2400');
}
