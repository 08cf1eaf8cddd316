/**
 * How many things a body holds, counted before anything is built of it. Two bytes can be a message, and a message is a
 * hundred bytes of memory: without this, a small body could become a large heap.
 */
import protobuf from 'protobufjs/light.js';
import { OTLP_DESCRIPTOR } from './otlpDescriptor.ts';
import type { OtlpEncoding } from './otlpMetrics.ts';

const LENGTH_DELIMITED = 2;
/** Of the numbers that may be packed, the shortest take one byte. */
const FIXED_BYTES: Readonly<Record<string, number>> = { fixed64: 8, double: 8 };

const REQUEST = protobuf.Root.fromJSON(OTLP_DESCRIPTOR).lookupType('ExportMetricsServiceRequest');
REQUEST.root.resolveAll();

/**
 * Whether a request holds more messages and numbers than `max`; stops counting when it does.
 * @throws Error when the bytes are no protobuf
 */
export function holdsMoreThan(max: number, bytes: Uint8Array, encoding: OtlpEncoding): boolean {
  if (encoding === 'json') return countInJson(bytes, max) > max;
  const reader = protobuf.Reader.create(bytes);
  return new Counter(reader, max).addMessage(REQUEST, bytes.length) > max;
}

/** What opens or divides something; in a text it counts too, which is no harm. */
const JSON_DIVIDERS = new Set([...'{[,'].map((character) => character.charCodeAt(0)));

function countInJson(bytes: Uint8Array, max: number): number {
  let count = 0;
  for (let i = 0; i < bytes.length && count <= max; i++) if (JSON_DIVIDERS.has(bytes[i]!)) count++;
  return count;
}

class Counter {
  #count = 0;

  constructor(
    private readonly reader: protobuf.Reader,
    private readonly max: number,
  ) {}

  /** @returns the count so far */
  addMessage(type: protobuf.Type, end: number): number {
    const { reader } = this;
    this.#count++;
    while (reader.pos < end && this.#count <= this.max) {
      const tag = reader.uint32();
      const field = type.fieldsById[tag >>> 3];
      if (field === undefined || (tag & 7) !== LENGTH_DELIMITED) {
        reader.skipType(tag & 7, 0, tag >>> 3);
        this.#count++;
      } else this.#addField(field, end);
    }
    return this.#count;
  }

  #addField(field: protobuf.Field, end: number): void {
    const { reader } = this;
    const length = reader.uint32();
    if (reader.pos + length > end) throw new RangeError('a field reaches beyond its message');
    if (field.resolvedType instanceof protobuf.Type) {
      this.addMessage(field.resolvedType, reader.pos + length);
      return;
    }
    this.#count += field.repeated ? Math.ceil(length / (FIXED_BYTES[field.type] ?? 1)) : 1;
    reader.pos += length;
  }
}
