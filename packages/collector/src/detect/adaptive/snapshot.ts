/**
 * The memory of a watch as bytes, and back: what it took days to learn survives a restart. It is taken from the object as
 * it is, field by field, which is why the fields of a watch are private by type and not by `#`.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packr } from 'msgpackr/pack';

/** To be raised when a field of a watch changes its meaning: older snapshots are forgotten then. */
const FORMAT = 1;

const packr = new Packr({ moreTypes: true, structuredClone: false, useRecords: false });

/** Most of a young watch is empty: it shrinks to a fifth. */
export function snapshotOf(watch: object): Uint8Array {
  return deflateRawSync(packr.pack({ format: FORMAT, fields: watch }), { level: 1 });
}

/** Gives a new watch the memory of an old one; false, and the watch unchanged, when it is not of this format. */
export function restore(watch: object, snapshot: Uint8Array): boolean {
  let read: { format?: unknown; fields?: unknown };
  try {
    read = packr.unpack(inflateRawSync(snapshot));
  } catch {
    return false;
  }
  if (read?.format !== FORMAT || typeof read.fields !== 'object' || read.fields === null) return false;
  copyFields(watch as Fields, read.fields as Fields);
  return true;
}

type Fields = Record<string, unknown>;

function copyFields(into: Fields, from: Fields): void {
  for (const [name, saved] of Object.entries(from)) {
    const own = into[name];
    if (isPart(own)) copyFields(own, saved as Fields);
    else if (Array.isArray(own) && own.some(isPart))
      own.forEach((part, i) => void copyFields(part, (saved as Fields[])[i]!));
    else into[name] = saved;
  }
}

/** An object of a class of ours, whose methods must stay; arrays, columns and plain objects are values. */
function isPart(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  return Object.getPrototypeOf(value) !== Object.prototype;
}
