/** Attributes of resources and points, as far as somebody asks for them. They come from strangers. */
import { createHash } from 'node:crypto';
import type { AnyValue, KeyValue } from '../protobuf/otlpMessages.ts';

export class Attributes {
  readonly #values = new Map<string, AnyValue>();

  constructor(attributes: readonly KeyValue[] = []) {
    for (const { key, value } of attributes) if (key !== undefined && value !== undefined) this.#values.set(key, value);
  }

  /** Numbers and booleans as text; undefined for what has no simple value, or is longer than any name. */
  text(key: string): string | undefined {
    const value = this.#values.get(key);
    const simple = value?.stringValue ?? value?.intValue ?? value?.doubleValue ?? value?.boolValue;
    const text = simple === undefined ? undefined : String(simple);
    return text === '' || text === undefined || text.length > MAX_TEXT_LENGTH ? undefined : text;
  }

  /** A whole number from zero up. */
  count(key: string): number | undefined {
    const value = Number(this.text(key));
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  }

  /** Those with a simple value, as labels. */
  labels(): Record<string, string> {
    const labels: Record<string, string> = {};
    for (const key of this.#values.keys()) {
      const text = this.text(key);
      if (text !== undefined && Object.keys(labels).length < MAX_LABELS) labels[key] = text;
    }
    return labels;
  }

  /** The same for the same attributes in any order. */
  get identity(): string {
    return JSON.stringify([...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What a name or a version may have on the wire. */
const MAX_TEXT_LENGTH = 1_000;
const MAX_LABELS = 10;

/** Short, the same for the same parts, and different for others. */
export function keyOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, KEY_LENGTH);
}

/** 132 bits. */
const KEY_LENGTH = 22;
